package org.skymetrics.common.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ByteCodecTest {
  @Property
  void shouldReadWhatWasWritten(
      @ForAll long u64,
      @ForAll int u32,
      @ForAll short u16,
      @ForAll double f64,
      @ForAll byte[] raw) {
    ByteWriter out = new ByteWriter(1);
    out.varint(u64)
        .zigzag(u64)
        .u64(u64)
        .u32(u32)
        .u16(u16)
        .u8(u16)
        .f64(f64)
        .varint(raw.length)
        .raw(raw);

    ByteReader in = new ByteReader(out.toBytes());
    assertThat(in.varint()).isEqualTo(u64);
    assertThat(in.zigzag()).isEqualTo(u64);
    assertThat(in.u64()).isEqualTo(u64);
    assertThat(in.u32()).isEqualTo(u32);
    assertThat(in.u16()).isEqualTo(u16 & 0xffff);
    assertThat(in.u8()).isEqualTo(u16 & 0xff);
    assertThat(Double.doubleToRawLongBits(in.f64())).isEqualTo(Double.doubleToRawLongBits(f64));
    assertThat(in.raw(in.length(raw.length))).isEqualTo(raw);
    assertThat(in.remaining()).isZero();
    assertThat(in.failed()).isFalse();
  }

  @Property
  void shouldForetellTheLengthOfAVarint(@ForAll long v) {
    assertThat(ByteWriter.varintLength(v)).isEqualTo(new ByteWriter(16).varint(v).length());
  }

  @Property
  void shouldFailRatherThanThrowOnAnyBytes(@ForAll byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    for (int i = 0; i < 20; i++) {
      in.varint();
      in.raw(in.length(1 << 20));
      in.f64();
    }
    assertThat(in.failed()).isTrue();
    assertThat(in.remaining()).isZero();
    assertThat(in.u64()).isZero();
  }

  @Test
  void shouldRefuseAVarintThatIsTooLong() {
    byte[] tooLong = new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
    ByteReader in = new ByteReader(tooLong);
    in.varint();
    assertThat(in.failed()).isTrue();
  }
}
