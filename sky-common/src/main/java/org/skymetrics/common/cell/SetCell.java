package org.skymetrics.common.cell;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.key.Key;

/**
 * How many distinct members there were. Up to {@link #MAX_EXACT} members are kept as their hashes,
 * sorted, and the number is exact; with more the cell is a {@link Registers}, and the number is
 * within 2 %. Which of the two it is, and each byte of it, follows from the members alone: not from
 * their order, nor from how they were merged. So merging is associative, commutative and
 * idempotent, also across the change from one form to the other.
 *
 * <p>A member's hash is the first 8 bytes of SHA-256 of its UTF-8, as that of a key is.
 *
 * <p>Layout on the wire and stored: u8 form; form 0 (hashes): varint n, n times u64, ascending
 * unsigned; form 1 (registers): varint n, n times varint, see {@link Registers}.
 */
public final class SetCell extends Cell {
  /** The most members that are told apart by themselves. */
  public static final int MAX_EXACT = 100;

  private static final int FORM_HASHES = 0;
  private static final int FORM_REGISTERS = 1;

  private long[] hashes = new long[4];
  private int size;

  /** In place of the hashes, once there were too many. */
  private @Nullable Registers registers;

  /** The hash that stands for a member. */
  public static long hash(byte[] utf8) {
    return Key.sha256Head(utf8);
  }

  /** The hash that stands for a member. */
  public static long hash(String member) {
    return hash(member.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds the member of this hash. */
  public void add(long hash) {
    if (registers != null) {
      registers.add(hash);
      return;
    }
    int at = find(hash);
    if (at >= 0) {
      return;
    }
    if (size == MAX_EXACT) {
      toRegisters().add(hash);
      return;
    }
    insert(-at - 1, hash);
  }

  /** How many distinct members there are; exact where {@link #isExact()}. */
  public long estimate() {
    return registers == null ? size : Math.round(registers.estimate());
  }

  public boolean isExact() {
    return registers == null;
  }

  @Override
  public Kind kind() {
    return Kind.SET;
  }

  @Override
  public boolean isEmpty() {
    return registers == null && size == 0;
  }

  @Override
  public double magnitude() {
    return estimate();
  }

  @Override
  public void merge(Cell other) {
    if (!(other instanceof SetCell set)) {
      throw otherKind(other);
    }
    if (set.registers != null) {
      toRegisters().merge(set.registers);
    } else if (set != this) {
      for (int i = 0; i < set.size; i++) {
        add(set.hashes[i]);
      }
    }
  }

  @Override
  public void store(ByteWriter out) {
    write(out);
  }

  /** Writes the wire form, which is also the stored one. */
  public void write(ByteWriter out) {
    if (registers != null) {
      registers.write(out.u8(FORM_REGISTERS));
      return;
    }
    out.u8(FORM_HASHES).varint(size);
    for (int i = 0; i < size; i++) {
      out.u64(hashes[i]);
    }
  }

  /** Reads what {@link #write} wrote. Bounded work: what is read is no more than was sent. */
  public static SetCell read(ByteReader in) {
    SetCell cell = new SetCell();
    switch (in.u8()) {
      case FORM_HASHES -> cell.readHashes(in);
      case FORM_REGISTERS -> cell.registers = Registers.read(in);
      default -> in.fail();
    }
    return cell;
  }

  private void readHashes(ByteReader in) {
    int n = in.length(MAX_EXACT);
    for (int i = 0; i < n && !in.failed(); i++) {
      long hash = in.u64();
      if (size > 0 && Long.compareUnsigned(hashes[size - 1], hash) >= 0) {
        in.fail();
      } else {
        insert(size, hash);
      }
    }
  }

  /**
   * The same content in cells of at most so many registers each: what does not fit one packet goes
   * in several and merges to the same. Hashes are never parted.
   */
  public List<SetCell> split(int maxRegisters) {
    if (registers == null) {
      return List.of(this);
    }
    List<SetCell> parts = new ArrayList<>();
    for (Registers part : registers.split(maxRegisters)) {
      SetCell cell = new SetCell();
      cell.registers = part;
      parts.add(cell);
    }
    return parts;
  }

  private Registers toRegisters() {
    Registers present = registers;
    if (present == null) {
      present = new Registers();
      for (int i = 0; i < size; i++) {
        present.add(hashes[i]);
      }
      registers = present;
      hashes = new long[0];
      size = 0;
    }
    return present;
  }

  /** Where a hash is; where it is not, minus the place where it belongs, minus 1. */
  private int find(long hash) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(hashes[middle], hash);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private void insert(int at, long hash) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.max(4, Math.min(MAX_EXACT, 2 * size)));
    }
    System.arraycopy(hashes, at, hashes, at + 1, size - at);
    hashes[at] = hash;
    size++;
  }
}
