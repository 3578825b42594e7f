package org.skymetrics.store.riak;

import org.skymetrics.store.StoreException.Fault;

/**
 * What an error reply of Riak means. Its code is always 0; the text is an Erlang term: a word, or a
 * tuple that begins with one, as in {@code {too_large,52428801}}.
 */
final class ErrorReply {
  private ErrorReply() {}

  static Fault fault(String text) {
    return switch (word(text)) {
      case "timeout" -> Fault.TIMEOUT;
      case "all_nodes_down",
          "insufficient_vnodes",
          "overload",
          "mailbox_overload",
          "too_many_fails",
          "r_val_unsatisfied",
          "pr_val_unsatisfied",
          "w_val_unsatisfied",
          "dw_val_unsatisfied",
          "pw_val_unsatisfied" ->
          Fault.UNAVAILABLE;
      case "Security", "Permission", "permission" -> Fault.NOT_ALLOWED;
      default -> Fault.OTHER;
    };
  }

  private static String word(String text) {
    int from = text.startsWith("{") ? 1 : 0;
    int to = from;
    while (to < text.length()
        && (Character.isLetterOrDigit(text.charAt(to)) || text.charAt(to) == '_')) {
      to++;
    }
    return text.substring(from, to);
  }
}
