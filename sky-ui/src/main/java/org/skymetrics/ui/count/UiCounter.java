package org.skymetrics.ui.count;

import java.util.Locale;

/** What the UI server counts: its work, and each thing that went wrong. */
public enum UiCounter {
  REQUESTS("HTTP requests that were answered"),
  BAD_REQUESTS("HTTP requests refused for what they asked (4xx)"),
  FOREIGN_HOSTS("HTTP requests refused because their Host is not this server's"),
  FOREIGN_ORIGINS("HTTP requests refused because a page of another site made them"),
  NOT_LOGGED_IN("HTTP requests refused because they showed neither a session nor a token"),
  TOKENS_REFUSED("HTTP requests with an Authorization header that is not a token given out"),
  LOGINS("logins"),
  LOGINS_REFUSED("logins refused for a wrong user or password"),
  LOGINS_LIMITED("logins refused because of too many tries from an address or for a user"),
  SESSIONS_DROPPED("sessions ended because there were too many"),
  BUSY("HTTP requests refused because too many were being worked on"),
  CONNECTIONS_REFUSED("HTTP connections closed because there were too many"),
  TOO_SLOW("HTTP requests given up because reading took too long"),
  STORE_FAILURES("HTTP requests not answered because a store was away"),
  ANSWERS_NOT_TAKEN("HTTP answers that nobody waited for to their end: the connection was closed"),
  FAILURES("HTTP requests that ended in an unexpected error"),
  MEMBER_FAILURES("questions to ring members that had no good answer"),
  LEASES_FAILED("readings of the members' leases that failed; those known are asked meanwhile"),
  LIVE_STREAMS_LOST("streams of live seconds from ring members that ended; they are opened again"),
  LIVE_SOCKETS_REFUSED("WebSockets of pages closed because there were too many"),
  LIVE_WATCHES_REFUSED("WebSockets of pages closed because they watched too many series"),
  LIVE_MESSAGES_REFUSED("WebSockets of pages closed for what they sent: nonsense, or too much"),
  LIVE_MESSAGES_SKIPPED(
      "messages of live seconds left out because a page was slow; the next makes up for them"),
  LIVE_SECONDS_FORGOTTEN("live seconds forgotten before their time, for their size"),
  PARTIAL_ANSWERS("answers given without what some member or damaged value holds"),
  ANNOTATIONS_WRITTEN("annotations made, edited and deleted by HTTP"),
  DASHBOARDS_WRITTEN("dashboards made, edited and deleted by HTTP"),
  EDITS_OVERTAKEN("edits of dashboards refused because another was there first (412)"),
  DAMAGED_VALUES("values of history met while reading that can't be read"),
  CACHE_HITS("values of history that were parsed before and had not changed"),
  CACHE_MISSES("values of history that had to be parsed"),
  KEY_REFRESH_FAILURES("refreshes of the key index that failed; they are made again");

  private final String description;

  UiCounter(String description) {
    this.description = description;
  }

  /** The name in metrics and status, in snake case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String description() {
    return description;
  }
}
