package org.skymetrics.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, from the manifest of its jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "sky " + text(), "Java " + System.getProperty("java.version", "") + ", " + system()
    };
  }

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static String system() {
    return System.getProperty("os.name", "") + " " + System.getProperty("os.arch", "");
  }
}
