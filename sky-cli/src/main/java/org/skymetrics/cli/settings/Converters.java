package org.skymetrics.cli.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Period;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the texts of options are read; each says what would be right where one is wrong. */
public final class Converters {
  private Converters() {}

  /** A list of ring members, as it stands in one option: parted by commas. */
  public record Members(List<Member> list) {
    public static final Members NONE = new Members(List.of());

    public Members {
      list = List.copyOf(list);
    }

    public static Members parse(String text) {
      List<Member> members = new ArrayList<>();
      for (String part : text.split(",", -1)) {
        if (!part.isBlank()) {
          members.add(Member.parse(part.trim()));
        }
      }
      if (members.isEmpty()) {
        throw new IllegalArgumentException(
            "a ring is HOST:UDPPORT[/ADMINPORT], more of them parted by commas, not \""
                + text
                + "\"");
      }
      return new Members(members);
    }

    public boolean isEmpty() {
      return list.isEmpty();
    }
  }

  /** Teaches a command line all types that the options of Sky have. */
  public static void register(CommandLine command) {
    command.registerConverter(HostPort.class, saying(HostPort::parse));
    command.registerConverter(Members.class, saying(Members::parse));
    command.registerConverter(Period.class, saying(Period::parse));
    command.registerConverter(Duration.class, saying(Converters::duration));
    command.registerConverter(Kind.class, saying(Converters::kind));
  }

  /**
   * Teaches a command line a choice, in small letters.
   *
   * @param what it is a choice of: {@code a format}
   */
  public static <E extends Enum<E>> void registerChoice(
      CommandLine command, Class<E> choice, String what) {
    List<String> labels = new ArrayList<>();
    for (E one : choice.getEnumConstants()) {
      labels.add(one.name().toLowerCase(Locale.ROOT));
    }
    command.registerConverter(
        choice,
        text -> {
          int at = labels.indexOf(text.toLowerCase(Locale.ROOT));
          if (at < 0) {
            throw new TypeConversionException(
                what + " is one of " + String.join(", ", labels) + ", not \"" + text + "\"");
          }
          return choice.getEnumConstants()[at];
        });
  }

  private static <T> ITypeConverter<T> saying(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }

  /**
   * Reads {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 7d}; a bare number is seconds.
   */
  static Duration duration(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 9) {
      throw wrongDuration(text);
    }
    long amount = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits)) {
      case "ms" -> Duration.ofMillis(amount);
      case "", "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw wrongDuration(text);
    };
  }

  private static IllegalArgumentException wrongDuration(String text) {
    return new IllegalArgumentException(
        "a length of time is 500ms, 10s, 5m, 1h or 7d, not \"" + text + "\"");
  }

  private static Kind kind(String text) {
    Kind kind = Kind.byLabel(text.toLowerCase(Locale.ROOT));
    if (kind == null) {
      throw new IllegalArgumentException(
          "a kind is counter, gauge or histogram, not \"" + text + "\"");
    }
    return kind;
  }
}
