package org.skymetrics.cli.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers of answers as text. */
final class Numbers {
  private static final MathContext SHOWN = new MathContext(7);

  private Numbers() {}

  /** All digits, no exponent; empty where there is no number. */
  static String exact(JsonNode number) {
    if (number.isIntegralNumber()) {
      return number.asText();
    }
    return number.isNumber() ? plain(number.decimalValue()) : number.asText("");
  }

  /** Integers in full, others to 7 digits. */
  static String shown(JsonNode number) {
    if (!number.isNumber() || number.isIntegralNumber()) {
      return exact(number);
    }
    BigDecimal value = number.decimalValue();
    BigDecimal rounded = value.round(SHOWN);
    boolean extreme = rounded.signum() != 0 && Math.abs(exponent(rounded)) > 12;
    return extreme ? rounded.stripTrailingZeros().toString() : plain(rounded);
  }

  private static int exponent(BigDecimal value) {
    return value.precision() - value.scale();
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
