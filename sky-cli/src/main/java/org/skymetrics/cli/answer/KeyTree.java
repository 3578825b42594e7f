package org.skymetrics.cli.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys that begin with a prefix, each before its children, asked for level by level. */
public final class KeyTree {
  private static final int MAX_LIMIT = 10_000;

  private final Api api;
  private final String prefix;
  private final int depth;
  private final int limit;
  private final boolean all;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> partial = new LinkedHashSet<>();
  private boolean truncated;

  private KeyTree(Api api, String prefix, int depth, int limit, boolean all) {
    this.api = api;
    this.prefix = prefix;
    this.depth = depth;
    this.limit = limit;
    this.all = all;
  }

  /**
   * A key.
   *
   * @param level how many levels below the first that are listed
   * @param separator what parts its last segment from its parent; empty for a root
   * @param lastSeen epoch seconds; 0 where only its children were seen
   */
  public record Entry(
      String key, int level, String separator, String segment, List<String> kinds, long lastSeen) {}

  /**
   * Asks for the keys that begin with {@code prefix}.
   *
   * @param all those too that were not seen for long
   */
  public static KeyTree read(Api api, String prefix, int depth, int limit, boolean all) {
    KeyTree tree = new KeyTree(api, prefix, depth, limit, all);
    int separator = Math.max(prefix.lastIndexOf('|'), prefix.lastIndexOf('>'));
    tree.descend(prefix.substring(0, Math.max(0, separator)), 0);
    return tree;
  }

  private void descend(String parent, int level) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!parent.isEmpty()) {
      parameters.put("prefix", parent);
    }
    parameters.put("limit", Integer.toString(MAX_LIMIT));
    parameters.put("all", Boolean.toString(all));
    JsonNode answer = api.get("/api/keys", parameters);
    partial.addAll(Api.partial(answer));
    truncated |= answer.path("truncated").asBoolean(false);
    for (JsonNode node : answer.path("keys")) {
      String key = node.path("key").asText();
      if (!key.startsWith(prefix)) {
        continue;
      }
      if (entries.size() >= limit) {
        truncated = true;
        return;
      }
      List<String> kinds = new ArrayList<>();
      node.path("kinds").forEach(kind -> kinds.add(kind.asText()));
      String separator = parent.isEmpty() ? "" : node.path("separator").asText("");
      String segment = node.path("segment").asText(key);
      long lastSeen = node.path("lastSeen").asLong(0);
      entries.add(new Entry(key, level, separator, segment, List.copyOf(kinds), lastSeen));
      if (node.path("children").asBoolean(false) && level + 1 < depth) {
        descend(key, level + 1);
      }
    }
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Whether there are more keys than were asked for. */
  public boolean truncated() {
    return truncated;
  }

  /** The members of the ring that did not reply. */
  public List<String> partial() {
    return List.copyOf(partial);
  }
}
