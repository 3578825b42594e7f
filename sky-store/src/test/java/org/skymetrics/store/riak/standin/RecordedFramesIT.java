package org.skymetrics.store.riak.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The stand-in answers as the real node did, byte for byte. What the real node made up (actors,
 * tags, times, a key) is recorded beside the frames and given to the stand-in; nothing of a reply
 * is left out. Only the order of the keys in a list, which is that of a real node's partitions, is
 * put aside.
 */
final class RecordedFramesIT {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern REPEATED = Pattern.compile("\\((\\p{XDigit}+)\\*(\\d+)\\)");

  @Test
  void shouldAnswerAsTheRealNodeDid() throws IOException {
    RecordedMarks marks = new RecordedMarks();
    int exchanges = 0;
    String exchange = "";
    try (RiakStandIn node = RiakStandIn.start(marks);
        Socket socket = new Socket("127.0.0.1", node.port())) {
      for (String line : lines()) {
        switch (line.charAt(0)) {
          case '#' -> {
            if (line.startsWith("## ")) {
              exchanges++;
              exchange = line;
              marks.clear();
            }
          }
          case '!' -> marks.next(line.substring(2).split(" "));
          case '>' -> {
            assertThat(socket.getInputStream().available()).as(exchange).isZero();
            socket.getOutputStream().write(bytes(line.substring(2)));
          }
          case '<' -> {
            String recorded = HEX.formatHex(keysInOrder(bytes(line.substring(2))));
            String answered = HEX.formatHex(keysInOrder(frame(socket.getInputStream())));
            assertThat(answered).as(exchange).isEqualTo(recorded);
          }
          default -> throw new AssertionError("not a line of the recording: " + line);
        }
      }
      assertThat(socket.getInputStream().available()).isZero();
    }
    assertThat(exchanges).isEqualTo(29);
  }

  private static List<String> lines() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    RecordedFramesIT.class.getResourceAsStream("/riak-frames.txt")),
                StandardCharsets.UTF_8))) {
      return in.lines().filter(line -> !line.isEmpty()).toList();
    }
  }

  private static byte[] bytes(String hex) {
    Matcher repeated = REPEATED.matcher(hex);
    return HEX.parseHex(repeated.replaceAll(m -> m.group(1).repeat(Integer.parseInt(m.group(2)))));
  }

  private static byte[] frame(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    byte[] body = new byte[in.readInt()];
    in.readFully(body);
    return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
  }

  /** The frame, with the keys in order where it is a list of keys. */
  private static byte[] keysInOrder(byte[] frame) {
    if (frame[4] != Request.LIST_KEYS.replyCode()) {
      return frame;
    }
    Message list = Message.parse(Arrays.copyOfRange(frame, 5, frame.length));
    List<String> keys = new ArrayList<>(list.all(1).stream().map(Latin::text).sorted().toList());
    Message ordered = new Message().copy(2, list);
    keys.forEach(key -> ordered.text(1, key));
    byte[] body = ordered.toBytes();
    return ByteBuffer.allocate(5 + body.length).put(frame, 0, 5).put(body).array();
  }

  /** What the real node made up, write for write. */
  private static final class RecordedMarks implements Marks {
    private static final Marks OTHERS = Marks.counted();

    private String[] marks = new String[0];
    private Instant now = Instant.ofEpochSecond(1_795_321_571);

    synchronized void next(String[] recorded) {
      marks = recorded;
      if (!recorded[2].equals("-")) {
        String[] time = recorded[2].split("\\.");
        now = Instant.ofEpochSecond(Long.parseLong(time[0]), 1000L * Integer.parseInt(time[1]));
      }
    }

    synchronized void clear() {
      marks = new String[0];
    }

    private synchronized String mark(int i, String otherwise) {
      return i < marks.length && !marks[i].equals("-") ? marks[i] : otherwise;
    }

    @Override
    public String firstActor() {
      String actor = mark(0, "");
      return actor.isEmpty() ? OTHERS.firstActor() : Latin.text(HEX.parseHex(actor));
    }

    @Override
    public String actor() {
      String actor = mark(0, "");
      return actor.isEmpty() ? OTHERS.actor() : Latin.text(HEX.parseHex(actor));
    }

    @Override
    public String tag() {
      return mark(1, OTHERS.tag());
    }

    @Override
    public String key() {
      return mark(3, OTHERS.key());
    }

    @Override
    public synchronized Instant now() {
      return now;
    }
  }
}
