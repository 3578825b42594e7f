package org.skymetrics.store.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.annotation.Annotations.Outcome;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.sqlite.SqliteHistoryStore;

class AnnotationsTest {
  private static final long DAY = AnnotationId.DAY_MS;
  private static final long NOON = 19_675 * DAY + DAY / 2;

  /** 2023-11-14. */
  private static final String SHELF = "annotations/2023-11-14";

  @TempDir Path dir;
  private HistoryStore history;
  private Annotations annotations;

  @BeforeEach
  void open() {
    history = SqliteHistoryStore.open(dir);
    annotations = new Annotations(history);
  }

  @AfterEach
  void close() {
    history.close();
  }

  private static Annotation at(long timeMs, String label) {
    return span(timeMs, timeMs, label);
  }

  private static Annotation span(long fromMs, long toMs, String label) {
    return Annotation.of(fromMs, toMs, label, "deploy", "more", "ci", List.of("env:prod", "web"));
  }

  private List<String> labels(long fromMs, long toMs) {
    return annotations.read(fromMs, toMs).annotations().stream().map(Annotation::label).toList();
  }

  @Test
  void shouldReadWhatItWroteInOrderOfTime() throws Exception {
    Annotation second = at(NOON + 5, "second");
    assertThat(annotations.put(List.of(second, at(NOON, "first")))).isEqualTo(Outcome.KEPT);
    assertThat(annotations.put(List.of(at(NOON + 2 * DAY, "third")))).isEqualTo(Outcome.KEPT);
    assertThat(labels(NOON, NOON + 3 * DAY)).containsExactly("first", "second", "third");
    assertThat(labels(NOON + 1, NOON + 5)).isEmpty();
    assertThat(labels(NOON + 1, NOON + 6)).containsExactly("second");
    assertThat(annotations.find(second.id())).isEqualTo(second);
    assertThat(annotations.find(at(1, "none").id())).isNull();
  }

  @Test
  void shouldFindASpanFromEachOfItsDays() throws Exception {
    annotations.put(List.of(span(NOON, NOON + 3 * DAY, "week")));
    for (int day = 0; day <= 3; day++) {
      assertThat(labels(NOON + day * DAY - 1000, NOON + day * DAY)).hasSize(day == 0 ? 0 : 1);
    }
    assertThat(labels(NOON + 3 * DAY, NOON + 3 * DAY + 1)).hasSize(1);
    assertThat(labels(NOON + 3 * DAY + 1, NOON + 4 * DAY)).isEmpty();
  }

  @Test
  void shouldEditAndDelete() throws Exception {
    Annotation first = span(NOON, NOON + DAY, "first");
    annotations.put(List.of(first));
    Annotation moved = first.edit(at(NOON + 9 * DAY, "moved"));
    annotations.replace(first, moved);
    assertThat(labels(NOON - DAY, NOON + 2 * DAY)).isEmpty();
    assertThat(labels(NOON + 9 * DAY, NOON + 10 * DAY)).containsExactly("moved");
    assertThat(annotations.find(first.id())).isEqualTo(moved);
    // What is put late once more does not undo it.
    annotations.put(List.of(first));
    assertThat(labels(NOON - DAY, NOON + 2 * DAY)).isEmpty();
    annotations.replace(moved, moved.delete());
    assertThat(labels(0, NOON + 20 * DAY)).isEmpty();
    assertThat(annotations.find(first.id()).deleted()).isTrue();
  }

  /** Writers that know nothing of each other, in any order, twice: the greatest versions hold. */
  @Test
  void shouldUniteSiblingsToTheSameWhateverTheirOrder() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Annotation> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Annotation annotation = at(NOON + i, "a" + i);
      all.add(annotation);
      for (int edits = random.nextInt(4); edits > 0; edits--) {
        Annotation next =
            random.nextInt(4) == 0
                ? annotation.delete()
                : annotation.edit(at(NOON + i, "edit " + random.nextInt(9)));
        all.add(next);
        annotation = random.nextBoolean() ? next : annotation;
      }
    }
    AnnotationDay expected = AnnotationDay.empty().with(all);
    Collections.shuffle(all, random);
    for (Annotation annotation : all) {
      AnnotationDay alone = AnnotationDay.empty().with(List.of(annotation));
      if (random.nextBoolean()) {
        history.put(SHELF, alone.toBytes(), Context.NONE);
      } else {
        annotations.put(List.of(annotation));
      }
    }
    annotations.put(all.subList(0, 3));
    assertThat(history.get(SHELF).values()).hasSize(1);
    AnnotationDay stored = AnnotationDay.parse(history.get(SHELF).values().get(0));
    assertThat(stored.byId()).as("seed %d", seed).isEqualTo(expected.byId());
  }

  @Test
  void shouldWriteNothingWhereNothingIsNew() throws Exception {
    annotations.put(List.of(at(NOON, "a")));
    byte[] context = history.get(SHELF).context().toBytes();
    annotations.put(List.of(at(NOON, "a")));
    assertThat(history.get(SHELF).context().toBytes()).isEqualTo(context);
  }

  @Test
  void shouldLeaveAShelfThatItCanNotReadAndReadTheRest() throws Exception {
    annotations.put(List.of(at(NOON, "kept")));
    history.put(SHELF, new byte[] {1, 2, 3}, Context.NONE);
    assertThat(annotations.read(NOON, NOON + 1).annotations()).hasSize(1);
    assertThat(annotations.read(NOON, NOON + 1).damaged())
        .singleElement()
        .asString()
        .startsWith(SHELF + ": ");
    assertThatThrownBy(() -> annotations.put(List.of(at(NOON, "more"))))
        .isInstanceOf(CorruptException.class);
    assertThat(history.get(SHELF).values()).hasSize(2);
  }

  @Test
  void shouldTakeNoMoreThanADayHolds() throws Exception {
    List<Annotation> many = new ArrayList<>();
    for (int i = 0; i <= Annotations.MAX_A_DAY; i++) {
      many.add(at(NOON + i, "a"));
    }
    assertThat(annotations.put(many)).isEqualTo(Outcome.FULL);
    assertThat(labels(NOON - DAY, NOON + DAY)).hasSize(Annotations.MAX_A_DAY);
    // Those that are there can be edited all the same.
    assertThat(annotations.replace(many.get(0), many.get(0).delete())).isEqualTo(Outcome.KEPT);
  }

  @Test
  void shouldNameTheSameContentTheSame() {
    assertThat(at(NOON, "a").id()).isEqualTo(at(NOON, "a").id());
    assertThat(at(NOON, "a").id()).isNotEqualTo(at(NOON, "b").id());
    assertThat(AnnotationId.parse(at(NOON, "a").id().toString())).isEqualTo(at(NOON, "a").id());
    assertThat(AnnotationId.parse("x")).isNull();
    assertThat(AnnotationId.parse("ffffffff" + "0".repeat(24))).isNull();
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    assertThatThrownBy(() -> at(NOON, " ")).hasMessage("the label is not empty");
    assertThatThrownBy(() -> at(NOON, "é".repeat(251)))
        .hasMessage("the label has at most 500 bytes");
    assertThatThrownBy(() -> span(NOON, NOON - 1, "a"))
        .hasMessage("the end is not before the time");
    assertThatThrownBy(() -> span(NOON, NOON + 32 * DAY, "a"))
        .hasMessage("a span is 31 days at most");
    assertThatThrownBy(() -> Annotation.of(1, 1, "a", "No", "", "", List.of()))
        .hasMessageStartingWith("the type is a word");
  }

  @Test
  void shouldReadTheStoredFormOfTheSpecificationAndNothingElse() throws Exception {
    // Made from docs/storage.md by hand: day 19675, hash 01..0c, version 2, a span of 60 s, tag t.
    String one =
        "00004cdb0102030405060708090a0b0c"
            + "02"
            + "02"
            + "0000018bcdb3e200"
            + "0000018bcdb4cc60"
            + "0164"
            + "046e6f7465"
            + "00"
            + "026369"
            + "010174";
    ByteReader in = new ByteReader(HexFormat.of().parseHex(one));
    Annotation read = Annotation.read(in);
    assertThat(in.remaining()).isZero();
    assertThat(read.timeMs()).isEqualTo(NOON);
    assertThat(read)
        .isEqualTo(
            new Annotation(
                AnnotationId.parse("00004cdb0102030405060708090a0b0c"),
                2,
                NOON,
                NOON + 60_000,
                "d",
                "note",
                "",
                "ci",
                List.of("t"),
                false));
    ByteWriter out = new ByteWriter(64);
    read.write(out);
    assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo(one);
    Random random = new Random(5);
    byte[] day = AnnotationDay.empty().with(List.of(read, at(NOON, "x"))).toBytes();
    for (int i = 0; i < 2_000; i++) {
      ByteWriter content = new ByteWriter(256);
      ByteReader good = Envelope.inflate(day, "SkyA", 1, "day");
      byte[] bytes = good.raw(good.remaining());
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      content.raw(bytes, 0, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
      try {
        AnnotationDay.parse(Envelope.deflate(content, "SkyA", 1));
      } catch (CorruptException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}
