package org.skymetrics.cli.page;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test its visit, and ends it: a visit that met a fault fails its test then. */
final class Visits implements ParameterResolver, AfterEachCallback {
  private static final Namespace PAGE = Namespace.create(Visits.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Visit.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(PAGE).getOrComputeIfAbsent(Visit.class, type -> visit(context));
  }

  private static Visit visit(ExtensionContext context) {
    // Stored for all of the JVM: JUnit closes them in the end, the last one first.
    Store shared = context.getRoot().getStore(PAGE);
    Chromium chromium =
        shared.getOrComputeIfAbsent(Chromium.class, type -> chromium(), Chromium.class);
    String period = context.getRequiredTestClass().getAnnotation(InBrowser.class).period();
    CountingStandalone standalone =
        shared.getOrComputeIfAbsent(period, CountingStandalone::start, CountingStandalone.class);
    return new Visit(chromium.browser(), standalone);
  }

  private static Chromium chromium() {
    Optional<Chromium> chromium = Chromium.find().map(Chromium::new);
    if (chromium.isEmpty() && Boolean.parseBoolean(System.getenv("SKY_TEST_NEEDS_CHROMIUM"))) {
      throw new AssertionError("there is no Chromium; .ci/run installs one");
    }
    return chromium.orElseGet(
        () -> abort("SKIPPED: there is no Chromium to open the page in; .ci/run installs one"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Visit visit = context.getStore(PAGE).remove(Visit.class, Visit.class);
    if (visit != null) {
      visit.end(
          context.getRequiredTestClass().getSimpleName() + "-" + context.getDisplayName(),
          context.getExecutionException().isPresent());
    }
  }
}
