package org.skymetrics.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.seal.ServerSeal;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.aggregate.KeyLimits;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.flush.AnnotationOutbox;
import org.skymetrics.server.flush.Delivery;
import org.skymetrics.server.flush.GaugeLookup;
import org.skymetrics.server.flush.Load;
import org.skymetrics.server.flush.Refold;
import org.skymetrics.server.flush.SealSchedule;
import org.skymetrics.server.flush.Segments;
import org.skymetrics.server.flush.Unconfirmed;
import org.skymetrics.server.flush.Unconfirmed.Held;
import org.skymetrics.server.ingest.GaugeLevels;
import org.skymetrics.server.ingest.Neighbours;
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.server.ingest.Replies;
import org.skymetrics.server.ingest.TimeRule;
import org.skymetrics.server.journal.Journal;
import org.skymetrics.server.journal.JournalException;
import org.skymetrics.server.journal.JournalFiles;
import org.skymetrics.server.journal.NoFiles;
import org.skymetrics.server.journal.PacketLog;
import org.skymetrics.server.journal.Recovered;
import org.skymetrics.server.lane.CookieMint;
import org.skymetrics.server.lane.LaneNumbers;
import org.skymetrics.server.lane.Lanes;
import org.skymetrics.server.lane.Quotas;
import org.skymetrics.server.live.WatchTable;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.period.PeriodStore;

/**
 * The server without its sockets, threads and HTTP: the receivers, the segments they count into,
 * and the delivery of what is sealed. Time, randomness, executors and the network are passed in;
 * whoever owns it calls {@link #tick} and {@link #deliver} over and over.
 */
public final class Engine {
  private static final int COOKIE_SECRET_BYTES = 32;

  /** Cells in a segment, as a multiple of the key limit, at which it is sealed before its time. */
  private static final int EARLY_SEAL_FACTOR = 2;

  private final ServerConfig config;
  private final Clock clock;
  private final RandomGenerator random;
  private final Journal journal;
  private final Recovered recovered;
  private final byte[] cookieSecret = new byte[COOKIE_SECRET_BYTES];
  private final Counters counters = new Counters();
  private final Mishaps mishaps = new Mishaps(counters);
  private final Offenders offenders;
  private final KeyLimits keyLimits;
  private final Unconfirmed unconfirmed = new Unconfirmed();
  private final KeyLog keys;
  private final Load load;
  private final Segments segments;
  private final Delivery delivery;
  private final AnnotationOutbox annotations;
  private final GaugeLevels gaugeLevels;
  private final GaugeLookup gaugeLookup;
  private final SealSchedule schedule;
  private final List<Receiver> receivers = new ArrayList<>();
  private CompletableFuture<Integer> sealing = CompletableFuture.completedFuture(0);
  private volatile Ring ring = Ring.empty();

  /** An engine that keeps its journal nowhere: what a kill takes with it is lost. */
  public Engine(
      ServerConfig config,
      PeriodStore store,
      Clock clock,
      RandomGenerator random,
      Executor segmentLoop) {
    this(config, store, clock, random, segmentLoop, segmentLoop, new NoFiles());
  }

  /**
   * An engine that goes on where the journal in these files ends.
   *
   * @param random for the incarnation and for secrets: a secure one where there is a network
   * @param segmentLoop runs one task at a time, in order; {@link #tick} runs on it too
   * @param sealer runs what takes long of a seal
   * @throws JournalException where the journal can't be used
   */
  public Engine(
      ServerConfig config,
      PeriodStore store,
      Clock clock,
      RandomGenerator random,
      Executor segmentLoop,
      Executor sealer,
      JournalFiles files) {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.journal =
        Journal.open(
            files,
            config.layout(),
            config.journalSync(),
            config.journal() == null ? Long.MAX_VALUE : config.journalMaxBytes(),
            random,
            counters);
    random.nextBytes(cookieSecret);
    this.offenders = new Offenders(clock);
    this.keyLimits = new KeyLimits(config.keyLimit(), config.sessionKeyLimit());
    this.keys = new KeyLog(2 * config.keyLimit(), counters);
    this.recovered = journal.recover(this::refold);
    takeOver(recovered);
    this.load = new Load(unconfirmed, config.unconfirmedLimitBytes(), journal::fill);
    this.segments =
        new Segments(
            journal.incarnation(),
            config.layout(),
            keyLimits,
            journal.nextSegment(),
            segmentLoop,
            sealer,
            unconfirmed,
            keys,
            counters,
            mishaps);
    this.delivery = new Delivery(store, config.layout(), unconfirmed, clock, counters);
    this.annotations = new AnnotationOutbox(store, clock, counters);
    this.gaugeLevels = new GaugeLevels(clock, counters);
    this.gaugeLookup = new GaugeLookup(gaugeLevels, segments, store, config.layout(), counters);
    this.schedule = new SealSchedule(config.layout().period(), config.flushDelay(), clock.wallMs());
  }

  private Refold refold(long segment) {
    return new Refold(
        new BatchName(journal.incarnation(), segment),
        config.layout(),
        keyLimits,
        random.nextLong(),
        keys,
        offenders,
        clock);
  }

  /** What was sealed is sent again as it is; what was not is sealed first. */
  private void takeOver(Recovered found) {
    for (Recovered.Segment segment : found.segments()) {
      if (segment.isSealed()) {
        unconfirmed.register(segment.batches());
      } else {
        unconfirmed.hold(segment.number(), segment.batches());
      }
    }
  }

  /**
   * Adds a receiving thread: all of them, in order, before anything is received.
   *
   * @param loop runs one task at a time; packets are given to the receiver on it only
   */
  public Receiver addReceiver(Executor loop, Replies replies, Neighbours neighbours) {
    int thread = receivers.size();
    LaneNumbers numbers = new LaneNumbers(journal.laneRandom(), thread, journal.laneReserve());
    int maxLanes = Math.max(1, config.maxLanes() / neighbours.threads());
    Lanes lanes =
        new Lanes(
            numbers,
            maxLanes,
            config.laneIdle(),
            new Quotas(config.sessionPackets(), config.sessionLanes()),
            counters);
    lanes.restore(
        recovered.lanes().stream()
            .filter(lane -> Receiver.ownerOf(lane.lane(), neighbours.threads()) == thread)
            .toList(),
        recovered.forgottenLanes(),
        clock.monotonicNs());
    PacketLog log = journal.newLog(thread, lanes);
    log.begin(segments.open().number());
    Aggregator aggregator =
        new Aggregator(
            segments.open(),
            random.nextLong(),
            new WatchTable(config.layout().period(), clock.wallMs()),
            keys,
            offenders,
            clock,
            counters);
    Receiver receiver =
        new Receiver(
            thread,
            numbers,
            lanes,
            log,
            new CookieMint(cookieSecret),
            new TimeRule(config.layout().period(), config.lateHorizon()),
            aggregator,
            config.reportsItself(),
            offenders,
            this::ring,
            load,
            gaugeLevels,
            newSeal(),
            replies,
            neighbours,
            clock,
            counters);
    receivers.add(receiver);
    segments.add(loop, aggregator, receiver::turnTo);
    return receiver;
  }

  private ServerSeal newSeal() {
    Supplier<Secrets> secrets = config.secrets();
    return secrets == null ? ServerSeal.none() : ServerSeal.of(secrets, random);
  }

  /** Seals where it is time to. To be called ten times a second or so, on the segments' loop. */
  public void tick() {
    boolean due = schedule.isDue(clock.wallMs());
    boolean tooLarge =
        segments.open().cells() > (long) EARLY_SEAL_FACTOR * config.keyLimit() && sealing.isDone();
    if (due || tooLarge) {
      if (!due) {
        counters.increment(ServerCounter.SEGMENTS_SEALED_EARLY);
      }
      sealing = seal();
    }
  }

  /** Seals now; what came before is compared with history at the next {@link #deliver}. */
  public CompletableFuture<Integer> seal() {
    return segments
        .seal()
        .whenComplete(
            (batches, fault) -> {
              if (fault != null) {
                mishaps.take("sealing a segment", fault);
              }
              delivery.compare();
            });
  }

  /**
   * Does what is due between the journal, the period store and history, blocking on them: what is
   * sealed is written to the journal and then put; what history has leaves the journal.
   */
  public void deliver() {
    for (Held held : unconfirmed.held()) {
      if (!journal.seal(held.segment(), held.batches())) {
        break;
      }
      unconfirmed.release(held.segment());
    }
    annotations.pass();
    delivery.pass();
    gaugeLookup.pass();
    journal.deleteConfirmed(unconfirmed.segmentNumbers());
  }

  /** Forces the journal where the policy is to do so each second. To be called each second. */
  public void forceJournal() {
    journal.force();
  }

  public Journal journal() {
    return journal;
  }

  /** Sets the ring that clients are told. */
  public void setRing(Ring newRing) {
    if (newRing.version() != ring.version()) {
      gaugeLevels.forgetAll();
    }
    ring = newRing;
  }

  public Ring ring() {
    return ring;
  }

  public long incarnation() {
    return journal.incarnation();
  }

  public Counters counters() {
    return counters;
  }

  public Mishaps mishaps() {
    return mishaps;
  }

  public Offenders offenders() {
    return offenders;
  }

  public Unconfirmed unconfirmed() {
    return unconfirmed;
  }

  public AnnotationOutbox annotations() {
    return annotations;
  }

  public KeyLog keys() {
    return keys;
  }

  public Load load() {
    return load;
  }

  public Segments segments() {
    return segments;
  }

  public Delivery delivery() {
    return delivery;
  }

  public List<Receiver> receivers() {
    return List.copyOf(receivers);
  }
}
