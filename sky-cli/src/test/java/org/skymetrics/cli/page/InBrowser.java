package org.skymetrics.cli.page;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests that open the page. Each test may take a {@link Visit}: a fresh browser context
 * at a {@code sky standalone} that counts for real.
 *
 * <p>One Chromium serves all such classes, and one standalone all of the same period, with what
 * other tests have counted in it: so a test counts keys of its own. Without a Chromium they skip,
 * and say so; with {@code SKY_TEST_NEEDS_CHROMIUM=true} they fail. {@code SKY_TEST_CHROMIUM} says
 * which one is taken.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Visits.class)
@interface InBrowser {
  /** The standalone's period: what a user has, or one that closes at once. */
  String period() default "60s";
}
