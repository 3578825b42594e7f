package org.skymetrics.client;

import java.time.Duration;
import java.util.List;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Period;

/** What a client was told at its making; checked by {@link SkyBuilder}. */
record Settings(
    List<Member> servers,
    Duration flushInterval,
    Duration closeTimeout,
    Duration retireAfter,
    Period assumedPeriod,
    int keyLimit,
    long packetBudgetBytes,
    Duration holdFor,
    boolean sharedTableOnly) {}
