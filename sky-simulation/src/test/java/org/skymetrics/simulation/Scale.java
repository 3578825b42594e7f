package org.skymetrics.simulation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.wire.RingPart;
import org.skymetrics.store.member.MemberLeases;

/**
 * What a ring of some size has to carry, by arithmetic on the real ring. docs/scale.md says what
 * follows from it.
 *
 * @param clients application processes
 * @param keys of a client that count in each flush
 * @param flushS time between two flushes of a client
 */
record Scale(Ring ring, int clients, int keys, double flushS, int shards, int periodS) {
  private static final int UDP_IP_BYTES = 28;
  private static final int DATA_HEADER_BYTES = 48;
  private static final int ACK_BYTES = 46;

  /** Of a counter with a key of 32 bytes, most of which it shares with the one before. */
  private static final int RECORD_BYTES = 15;

  private static final int MAX_RECORDS = 91;

  /** A name in a done-list of Redis: docs/storage.md has 352 for three and their key. */
  private static final int DONE_NAME_BYTES = 88;

  private static final int DONE_KEPT_S = 2 * 86_400;
  private static final int LEVEL_NAME_BYTES = 17;
  private static final int REQUEST_BYTES = 1200;

  /** Names as packaging suggests, addresses of a private network. */
  static Ring ringOf(int members) {
    return Ring.of(
        IntStream.range(0, members)
            .mapToObj(
                i ->
                    new Member(
                        String.format(Locale.ROOT, "sky-%04d", i),
                        "10.0." + i / 250 + '.' + (i % 250 + 1),
                        8125,
                        8126))
            .toList());
  }

  private int members() {
    return ring.members().size();
  }

  private DoubleStream shares() {
    return DoubleStream.of(ring.shares());
  }

  double leastShare() {
    return shares().min().orElse(0) * members();
  }

  double greatestShare() {
    return shares().max().orElse(0) * members();
  }

  /** To how many members a client sends in each flush. */
  double destinations() {
    return shares().map(this::chance).sum();
  }

  /** That one of a client's keys belongs to a member with this share. */
  private double chance(double share) {
    return 1 - Math.pow(1 - share, keys);
  }

  /** In a flush to a member with this share. */
  private double packets(double share) {
    return Math.max(chance(share), keys * share / MAX_RECORDS);
  }

  double packetsOfAClient() {
    return shares().map(this::packets).sum() / flushS;
  }

  double recordsInAPacket() {
    return keys / flushS / packetsOfAClient();
  }

  double bytesOfAClient() {
    return packetsOfAClient() * (DATA_HEADER_BYTES + UDP_IP_BYTES) + keys * RECORD_BYTES / flushS;
  }

  double lanesOfAServer() {
    return clients * destinations() / members();
  }

  double packetsOfTheBusiest() {
    return clients * packets(greatestShare() / members()) / flushS;
  }

  double ackBytesOfTheBusiest() {
    return packetsOfTheBusiest() * (ACK_BYTES + UDP_IP_BYTES);
  }

  int ringParts() {
    return RingPart.partsOf(ring, 1).size();
  }

  double ringBytes() {
    return RingPart.partsOf(ring, 1).stream()
        .mapToInt(
            part -> {
              ByteWriter out = new ByteWriter(REQUEST_BYTES);
              part.write(out);
              return out.length();
            })
        .sum();
  }

  /** What clients and servers say to each other until all clients have another ring. */
  double changeBytes() {
    return clients * (ringParts() * (REQUEST_BYTES + 2.0 * UDP_IP_BYTES) + ringBytes());
  }

  double leaseReads() {
    return members() * 1000.0 / MemberLeases.RENEWAL.toMillis();
  }

  /** Of one reading of all leases: for each a name and a value, behind their lengths. */
  double leaseReplyBytes() {
    return ring.members().stream()
        .mapToInt(
            m ->
                ("$8\r\n" + m.name() + "\r\n$57\r\nserving 1700000000000 2000 0123456789abcdef ")
                        .length()
                    + ("8125 8126 " + m.host() + "\r\n").length())
        .sum();
  }

  double batches() {
    return (double) members() * shards;
  }

  double doneBytes() {
    return batches() * DONE_KEPT_S / periodS * DONE_NAME_BYTES;
  }

  /** Of one shard over so many seconds. */
  double levelNameBytes(int seconds) {
    return (double) members() * seconds / periodS * LEVEL_NAME_BYTES;
  }

  /** The table of docs/scale.md. */
  static List<String> table(List<Scale> scales) {
    List<String> rows = new ArrayList<>();
    rows.add(row("members of the ring", scales, s -> String.valueOf(s.members())));
    rows.add("|---".repeat(scales.size() + 1) + "|");
    rows.add(
        row(
            "least and greatest share, of an even one",
            scales,
            s -> String.format(Locale.ROOT, "%.2f, %.2f", s.leastShare(), s.greatestShare())));
    rows.add(row("members that a client sends to in a flush", scales, s -> n(s.destinations())));
    rows.add(row("records in a packet", scales, s -> n(s.recordsInAPacket())));
    rows.add(row("packets a second of a client", scales, s -> n(s.packetsOfAClient())));
    rows.add(
        row("bytes a second of a client, with UDP and IP", scales, s -> n(s.bytesOfAClient())));
    rows.add(row("lanes of a server", scales, s -> n(s.lanesOfAServer())));
    rows.add(
        row("packets a second at the busiest server", scales, s -> n(s.packetsOfTheBusiest())));
    rows.add(row("bytes a second of its ACKs, at most", scales, s -> n(s.ackBytesOfTheBusiest())));
    rows.add(row("parts of RING", scales, s -> n(s.ringParts())));
    rows.add(row("bytes of RING to tell a client", scales, s -> n(s.ringBytes())));
    rows.add(row("bytes of all until a ring is known to all", scales, s -> n(s.changeBytes())));
    rows.add(row("readings of leases a second in Redis", scales, s -> n(s.leaseReads())));
    rows.add(row("bytes of one", scales, s -> n(s.leaseReplyBytes())));
    rows.add(
        row(
            "bytes a second of all readings",
            scales,
            s -> n(s.leaseReads() * s.leaseReplyBytes())));
    rows.add(row("batches a period", scales, s -> n(s.batches())));
    rows.add(row("bytes of done-lists in Redis", scales, s -> n(s.doneBytes())));
    rows.add(row("bytes of names in a level of 5 m", scales, s -> n(s.levelNameBytes(300))));
    rows.add(row("bytes of names in a level of 1 h", scales, s -> n(s.levelNameBytes(3600))));
    rows.add(row("bytes of names in a level of 1 d", scales, s -> n(s.levelNameBytes(86_400))));
    return rows;
  }

  private static String row(String what, List<Scale> scales, Function<Scale, String> figure) {
    StringBuilder row = new StringBuilder("| ").append(what).append(" |");
    scales.forEach(scale -> row.append(' ').append(figure.apply(scale)).append(" |"));
    return row.toString();
  }

  /** Three digits are all that arithmetic of this kind is good for. */
  private static String n(double value) {
    for (int power = 9; power >= 3; power -= 3) {
      double unit = Math.pow(10, power);
      if (value >= unit * 0.9995) {
        return digits(value / unit) + (power == 9 ? " G" : power == 6 ? " M" : " k");
      }
    }
    return digits(value);
  }

  private static String digits(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(3));
    return rounded.stripTrailingZeros().toPlainString();
  }
}
