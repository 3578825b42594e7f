package org.skymetrics.ui.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.annotation.Annotations.Outcome;

/**
 * Makes, edits and deletes annotations, one after the other: who edits a version that does not hold
 * any more is told so. Between two processes that is not certain; then one of two edits holds.
 */
final class AnnotationEdits {
  private final Annotations shelf;

  AnnotationEdits(Annotations shelf) {
    this.shelf = shelf;
  }

  /** What became of an annotation that was posted. */
  record Made(Annotation annotation, boolean isNew) {}

  /** Makes one; the same content once more is the same annotation. */
  synchronized Made make(Annotation annotation) {
    try {
      Annotation present = shelf.find(annotation.id());
      if (present != null && !present.deleted()) {
        return new Made(present, false);
      }
      Annotation made = present == null ? annotation : present.edit(annotation);
      requireKept(shelf.put(List.of(made)));
      return new Made(made, true);
    } catch (CorruptException e) {
      throw damaged(e);
    }
  }

  /** The one of this id; 404 where there is none. */
  Annotation find(AnnotationId id) {
    try {
      Annotation present = shelf.find(id);
      if (present != null && !present.deleted()) {
        return present;
      }
    } catch (CorruptException e) {
      throw damaged(e);
    }
    throw new HttpFault(404, "there is no annotation " + id);
  }

  synchronized Annotation edit(AnnotationId id, Annotation content, @Nullable String ifMatch) {
    Annotation present = findAt(id, ifMatch);
    return replace(present, present.edit(content));
  }

  synchronized Annotation delete(AnnotationId id, @Nullable String ifMatch) {
    Annotation present = findAt(id, ifMatch);
    return replace(present, present.delete());
  }

  private Annotation replace(Annotation present, Annotation next) {
    try {
      requireKept(shelf.replace(present, next));
      return next;
    } catch (CorruptException e) {
      throw damaged(e);
    }
  }

  /** The one of this id, in the version that a request says it has seen. */
  private Annotation findAt(AnnotationId id, @Nullable String ifMatch) {
    if (ifMatch == null) {
      throw new HttpFault(
          428, "say which version you have seen: If-Match: \"1\", or If-Match: * for any");
    }
    Annotation present = find(id);
    if (!ifMatch.trim().equals("*") && !ifMatch.trim().equals(tag(present))) {
      throw new HttpFault(
          412, "annotation " + id + " has version " + present.version() + " by now; read it again");
    }
    return present;
  }

  /** The entity tag of a version. */
  static String tag(Annotation annotation) {
    return "\"" + annotation.version() + "\"";
  }

  private static void requireKept(Outcome outcome) {
    if (outcome == Outcome.FULL) {
      throw new HttpFault(
          409, "a day has at most " + Annotations.MAX_A_DAY + " annotations, and this one is full");
    }
  }

  private static HttpFault damaged(CorruptException e) {
    return new HttpFault(503, "annotations of that day can't be read: " + e.getMessage());
  }
}
