package org.skymetrics.cli.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration file: {@code name = value} lines, the names those of the options without their
 * dashes, {@code #} before a comment. One file may serve all commands of a host.
 */
final class ConfigFile {
  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @param known the names that may stand in it
   * @throws CommandFailure naming all that is wrong with it
   */
  static Map<String, String> read(Path path, Set<String> known) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
    } catch (IOException e) {
      throw CommandFailure.usage(
          "the configuration file " + path + " can't be read: " + reason(e, path));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          "the configuration file "
              + path
              + " is not made of name = value lines: "
              + e.getMessage());
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> values.put(name, valueOf(properties, name)));
    List<String> faults = new ArrayList<>();
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        faults.add(fault(name, known));
      }
    }
    if (!faults.isEmpty()) {
      throw CommandFailure.usage(
          "the configuration file " + path + " is wrong: " + String.join("; ", faults));
    }
    return values;
  }

  private static String valueOf(Properties properties, String name) {
    return properties.getProperty(name, "").trim();
  }

  private static String fault(String name, Set<String> known) {
    return "there is no option \""
        + name
        + "\""
        + NearestName.of(name, known).map(near -> ", the nearest is \"" + near + "\"").orElse("");
  }

  private static String reason(IOException e, Path path) {
    return Files.exists(path) ? String.valueOf(e.getMessage()) : "there is no such file";
  }
}
