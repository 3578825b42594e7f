package org.skymetrics.cli.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The status of all parts, for people: the members, the stores, and what was lost or refused. */
public final class StatusView {
  /** Counters that tell of something lost, refused or wrong. */
  private static final Pattern OF_NOTE =
      Pattern.compile(
          ".*(dropped|refused|malformed|too_|bad_checksum|not_sky|other_version|unknown_kind"
              + "|unknown_type|sealed$|late_|future_|full_|beyond_window|^keys_|overflow|_left|store_"
              + "|internal_errors|evicted|failed|failures|damaged|conflict|different|forgotten"
              + "|foreign|busy|partial|^members_lost$).*");

  /** What is counted in good order, although it sounds like it. */
  private static final Pattern IN_ORDER = Pattern.compile("(segments|batches|batch_bytes)_sealed");

  private final JsonNode status;

  public StatusView(JsonNode status) {
    this.status = status;
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>(members());
    lines.add("");
    lines.addAll(stores());
    List<String> notes = ofNote();
    if (!notes.isEmpty()) {
      lines.add("");
      lines.add("lost, refused or wrong so far:");
      lines.addAll(notes);
    }
    return lines;
  }

  private List<String> members() {
    TextTable table =
        new TextTable(
            "member",
            "address",
            "state",
            ">keys",
            ">up",
            ">sessions",
            ">series",
            ">waiting",
            "store");
    for (JsonNode member : status.path("members")) {
      String address =
          member.path("host").asText()
              + ":"
              + member.path("udpPort").asText()
              + "/"
              + member.path("adminPort").asText();
      JsonNode own = member.path("status");
      String name = own.path("name").asText(member.path("name").asText());
      String share = Math.round(100 * member.path("share").asDouble()) + "%";
      if (own.isMissingNode()) {
        String reply = "no reply: " + member.path("error").asText();
        table.row(name, address, standing(member) + reply, share, "", "", "", "", "");
      } else {
        table.row(
            name,
            address,
            standing(member)
                + (own.path("problem").asText("").isEmpty() || own.path("problem").isNull()
                    ? "ready"
                    : own.path("problem").asText()),
            share,
            span(own.path("uptimeSeconds").asLong()),
            own.path("sessions").asText("0"),
            Long.toString(sum(own.path("tables"), "series")),
            sum(own.path("segments").path("unconfirmed"), "batches") + " batches",
            own.path("store").path("reachable").asBoolean(true) ? "reached" : "away");
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    for (JsonNode left : status.path("left")) {
      String ago = span(left.path("heardMs").asLong() / 1000);
      lines.add(left.path("name").asText() + " left " + ago + " ago");
    }
    return lines;
  }

  /** What its lease tells of a member that is not simply there; as the beginning of a text. */
  private static String standing(JsonNode member) {
    double heardSeconds = member.path("heardMs").asLong() / 1000.0;
    return switch (member.path("state").asText("serving")) {
      case "late" -> String.format(Locale.ROOT, "late, heard %.1fs ago; ", heardSeconds);
      case "leaving" -> "leaving; ";
      case "lost" -> "lost, heard " + span((long) heardSeconds) + " ago; ";
      default -> "";
    };
  }

  private List<String> stores() {
    JsonNode periods = status.path("stores").path("period");
    JsonNode history = status.path("stores").path("history");
    List<String> lines = new ArrayList<>();
    lines.add("period store  " + periods.path("store").asText());
    if (periods.has("error")) {
      lines.add("              " + periods.path("error").asText());
    } else {
      lines.add(
          "              "
              + periods.path("waiting").asLong()
              + " mailboxes wait for the rollup; it lags "
              + span(status.path("lagSeconds").asLong()));
    }
    lines.add("history       " + history.path("store").asText());
    if (history.has("error")) {
      lines.add("              " + history.path("error").asText());
    }
    lines.add("period        " + span(status.path("period").asLong()));
    lines.add("keys          " + status.path("keys").asLong());
    return lines;
  }

  private List<String> ofNote() {
    TextTable table = new TextTable("", "", ">");
    int rows = addOfNote(table, "", status.path("counters"));
    for (JsonNode member : status.path("members")) {
      String name = member.path("status").path("name").asText(member.path("name").asText());
      rows += addOfNote(table, name, member.path("status").path("counters"));
    }
    return rows == 0 ? List.of() : table.lines().subList(1, rows + 1);
  }

  private static int addOfNote(TextTable table, String of, JsonNode counters) {
    int rows = 0;
    for (Map.Entry<String, JsonNode> field : counters.properties()) {
      boolean note =
          OF_NOTE.matcher(field.getKey()).matches() && !IN_ORDER.matcher(field.getKey()).matches();
      if (note && field.getValue().asLong() != 0) {
        table.row("  " + of, field.getKey(), field.getValue().asText());
        rows++;
      }
    }
    return rows;
  }

  private static long sum(JsonNode array, String field) {
    long sum = 0;
    for (JsonNode element : array) {
      sum += element.path(field).asLong();
    }
    return sum;
  }

  private static String span(long seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return duration.toMinutes() + "m";
    }
    return seconds < 172_800 ? duration.toHours() + "h" : duration.toDays() + "d";
  }
}
