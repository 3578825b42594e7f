package org.skymetrics.common.seal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The secrets of a process: the first seals, all are accepted. More than one is for the time in
 * which a secret is changed. Immutable.
 */
public final class Secrets {
  private static final int MAX = 8;

  private final List<Secret> all;

  private Secrets(List<Secret> all) {
    this.all = List.copyOf(all);
  }

  /** One secret alone. */
  public static Secrets of(Secret only) {
    return new Secrets(List.of(only));
  }

  /**
   * Reads one secret a line; lines that are empty or begin with {@code #} are skipped.
   *
   * @throws IllegalArgumentException naming all lines that are none, and what would be right
   */
  public static Secrets parse(List<String> lines) {
    List<Secret> found = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (!line.isEmpty() && line.charAt(0) != '#') {
        try {
          found.add(Secret.parse(line));
        } catch (IllegalArgumentException e) {
          faults.add("line " + (i + 1) + " " + e.getMessage());
        }
      }
    }
    if (faults.isEmpty() && (found.isEmpty() || found.size() > MAX)) {
      faults.add("it holds " + found.size() + " secrets; 1 to " + MAX + " are wanted");
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          String.join("; ", faults)
              + " (one secret a line, as \"openssl rand -base64 32\" makes one)");
    }
    return new Secrets(found);
  }

  /** What seals. */
  public Secret first() {
    return all.get(0);
  }

  /** All that are accepted, the first among them. */
  public List<Secret> all() {
    return all;
  }

  /** Whether this is the token of any of them. Takes the same time wherever it differs. */
  public boolean accepts(String token) {
    byte[] given = token.getBytes(StandardCharsets.UTF_8);
    boolean good = false;
    for (Secret secret : all) {
      good |= MessageDigest.isEqual(given, secret.token().getBytes(StandardCharsets.UTF_8));
    }
    return good;
  }
}
