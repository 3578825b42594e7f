package org.skymetrics.cli.history;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.period.Layout;

/**
 * The file of a backup: values of history, each with its key.
 *
 * <pre>
 *  "SkyA" | u8 version | u32 period, ms | u32 shards | u32 CRC-32C of all before
 *  for each value: u16 key length, at least 1 | key | u32 value length | value | u32 CRC-32C of that
 *  u16 0 | u64 number of values | u32 CRC-32C of those ten bytes
 * </pre>
 */
final class Archive {
  private static final int MAGIC = 0x536b7941;
  private static final int VERSION = 1;
  private static final int MAX_KEY_BYTES = 1000;
  private static final int MAX_VALUE_BYTES = 1 << 30;

  private Archive() {}

  /** Writes an archive; without its end it is none. */
  static final class Writer {
    private final CRC32C crc = new CRC32C();
    private final DataOutputStream out;
    private long values;

    Writer(OutputStream target, Layout layout) throws IOException {
      out = new DataOutputStream(new CheckedOutputStream(target, crc));
      out.writeInt(MAGIC);
      out.writeByte(VERSION);
      out.writeInt((int) layout.period().lengthMs());
      out.writeInt(layout.shards());
      writeSum();
    }

    void add(String key, byte[] value) throws IOException {
      byte[] name = key.getBytes(StandardCharsets.US_ASCII);
      out.writeShort(name.length);
      out.write(name);
      out.writeInt(value.length);
      out.write(value);
      writeSum();
      values++;
    }

    void end() throws IOException {
      out.writeShort(0);
      out.writeLong(values);
      writeSum();
      out.flush();
    }

    private void writeSum() throws IOException {
      int sum = (int) crc.getValue();
      out.writeInt(sum);
      crc.reset();
    }
  }

  /** Takes a value of an archive. */
  interface Visitor {
    void value(String key, byte[] value);
  }

  /** Reads an archive. */
  static final class Reader {
    private final CRC32C crc = new CRC32C();
    private final DataInputStream in;
    private final Layout layout;

    Reader(InputStream source) throws IOException, ArchiveException {
      in = new DataInputStream(new CheckedInputStream(source, crc));
      try {
        if (in.readInt() != MAGIC) {
          throw new ArchiveException("it is not a backup of Sky's history");
        }
        int version = in.readByte();
        if (version != VERSION) {
          throw new ArchiveException(
              "it is a backup of version " + version + ", known is " + VERSION);
        }
        int periodMs = in.readInt();
        int shards = in.readInt();
        requireSum("its head");
        layout = new Layout(Period.ofMs(periodMs), shards);
      } catch (EOFException e) {
        throw new ArchiveException("it ends in its head");
      } catch (IllegalArgumentException e) {
        throw new ArchiveException("its head makes no sense: " + e.getMessage());
      }
    }

    /** Of the history that was copied. */
    Layout layout() {
      return layout;
    }

    /** Visits all values up to the end. */
    void forEach(Visitor visitor) throws IOException, ArchiveException {
      long n = 0;
      try {
        for (int length = in.readUnsignedShort(); length > 0; length = in.readUnsignedShort()) {
          if (length > MAX_KEY_BYTES) {
            throw new ArchiveException("value " + n + " has a key of " + length + " bytes");
          }
          String key = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
          int size = in.readInt();
          if (size < 1 || size > MAX_VALUE_BYTES) {
            throw new ArchiveException("value " + n + " has " + size + " bytes");
          }
          byte[] value = in.readNBytes(size);
          if (value.length < size) {
            throw new EOFException();
          }
          requireSum("value " + n);
          visitor.value(key, value);
          n++;
        }
        long values = in.readLong();
        requireSum("its end");
        if (values != n) {
          throw new ArchiveException("it has " + n + " values and should have " + values);
        }
      } catch (EOFException e) {
        throw new ArchiveException("it ends after " + n + " values, before its end");
      }
    }

    private void requireSum(String what) throws IOException, ArchiveException {
      int sum = (int) crc.getValue();
      if (in.readInt() != sum) {
        throw new ArchiveException("the checksum of " + what + " is wrong");
      }
      crc.reset();
    }
  }
}
