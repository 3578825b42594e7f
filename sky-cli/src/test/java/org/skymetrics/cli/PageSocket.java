package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A page's WebSocket, as plain as can be, so that a test decides when it is read. Keeps what it is
 * told as any page does: what comes again replaces.
 */
final class PageSocket implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PATIENCE_MS = 30_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final Map<String, Map<Long, JsonNode>> seconds = new HashMap<>();
  private final Map<String, Long> kept = new HashMap<>();
  private String closed = "";

  /** Opens one; a small buffer shows the server soon that nothing is read. */
  PageSocket(String http) throws IOException {
    String[] at = http.split(":", 2);
    socket.setReceiveBufferSize(8 << 10);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(new InetSocketAddress(at[0], Integer.parseInt(at[1])));
    String head =
        "GET /api/live HTTP/1.1\r\nHost: "
            + http
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    in = new DataInputStream(socket.getInputStream());
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readUnsignedByte());
    }
    if (!answer.toString().startsWith("HTTP/1.1 101 ")) {
      throw new IOException(answer.toString());
    }
  }

  /** Sends a text, masked with zeros. */
  void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(14 + bytes.length);
    frame.put((byte) (0x80 | TEXT));
    if (bytes.length < 126) {
      frame.put((byte) (0x80 | bytes.length));
    } else if (bytes.length < 1 << 16) {
      frame.put((byte) (0x80 | 126)).putShort((short) bytes.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(bytes.length);
    }
    frame.putInt(0).put(bytes);
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  void watch(String... series) throws IOException {
    send("{\"watch\":[\"" + String.join("\",\"", series) + "\"]}");
  }

  /** The next message, taken into account; a missing node where the server has closed it. */
  JsonNode next() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean last = false;
    while (!last) {
      int head = in.readUnsignedByte();
      last = (head & 0x80) != 0;
      int length = in.readUnsignedByte();
      long size = length < 126 ? length : length == 126 ? in.readUnsignedShort() : in.readLong();
      byte[] bytes = new byte[Math.toIntExact(size)];
      in.readFully(bytes);
      if ((head & 0xf) == CLOSE) {
        closed = (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff)) + " ";
        closed += new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
        return JSON.missingNode();
      }
      text.append(new String(bytes, StandardCharsets.UTF_8));
    }
    JsonNode message = JSON.readTree(text.toString());
    message.path("kept").properties().forEach(k -> kept.put(k.getKey(), k.getValue().asLong()));
    for (JsonNode second : message.path("seconds")) {
      for (JsonNode point : second.path("series")) {
        seconds
            .computeIfAbsent(point.path("series").asText(), s -> new TreeMap<>())
            .put(second.path("time").asLong(), point);
      }
    }
    return message;
  }

  /** Why the server closed it, code and sentence, when it does; what comes before is left aside. */
  String awaitClose() throws IOException {
    try {
      while (!next().isMissingNode()) {
        // What it was told before.
      }
    } catch (EOFException e) {
      closed = closed.isEmpty() ? "cut" : closed;
    }
    return closed;
  }

  /** From which second on a series is known, when that is told. */
  long awaitKept(String series) throws IOException {
    while (!kept.containsKey(series)) {
      next();
    }
    return kept.get(series);
  }

  /** The seconds of a series that are known. */
  Map<Long, JsonNode> seconds(String series) {
    return seconds.getOrDefault(series, Map.of());
  }

  /** The sum of a field over all seconds of a series. */
  long sum(String series, String field) {
    return seconds(series).values().stream().mapToLong(point -> point.path(field).asLong()).sum();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
