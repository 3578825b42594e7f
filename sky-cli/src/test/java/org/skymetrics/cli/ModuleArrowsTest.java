package org.skymetrics.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Holds the arrows between the modules: each knows those below it only, and no package two ways.
 */
@AnalyzeClasses(
    packages = "org.skymetrics",
    importOptions = {ImportOption.DoNotIncludeTests.class, ModuleArrowsTest.NoTestsOfOthers.class})
final class ModuleArrowsTest {
  /** Leaves out the tests of other modules that are here as jars. */
  static final class NoTestsOfOthers implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  /** The arrows, one line for each module. A module may stand empty. */
  @ArchTest
  static final ArchRule shouldPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("org.skymetrics..")
          .withOptionalLayers(true)
          .layer("common")
          .definedBy("org.skymetrics.common..")
          .layer("client")
          .definedBy("org.skymetrics.client..")
          .layer("store")
          .definedBy("org.skymetrics.store..")
          .layer("server")
          .definedBy("org.skymetrics.server..")
          .layer("rollup")
          .definedBy("org.skymetrics.rollup..")
          .layer("ui")
          .definedBy("org.skymetrics.ui..")
          .layer("examples")
          .definedBy("org.skymetrics.examples..")
          .layer("cli")
          .definedBy("org.skymetrics.cli..")
          .whereLayer("common")
          .mayNotAccessAnyLayer()
          .whereLayer("client")
          .mayOnlyAccessLayers("common")
          .whereLayer("store")
          .mayOnlyAccessLayers("common")
          .whereLayer("server")
          .mayOnlyAccessLayers("common", "client", "store")
          .whereLayer("rollup")
          .mayOnlyAccessLayers("common", "store")
          .whereLayer("ui")
          .mayOnlyAccessLayers("common", "store")
          .whereLayer("examples")
          .mayOnlyAccessLayers("client")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .ensureAllClassesAreContainedInArchitecture()
          .allowEmptyShould(true);

  /** What applications embed brings nothing with it: the JDK and Sky's own, and annotations. */
  @ArchTest
  static final ArchRule shouldEmbedWithTheJdkAlone =
      classes()
          .that()
          .resideInAnyPackage("org.skymetrics.common..", "org.skymetrics.client..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.crypto..",
              "org.jspecify.annotations..",
              "org.skymetrics.common..",
              "org.skymetrics.client..")
          .allowEmptyShould(true);

  /** Each package is a slice of its own: what two need of each other belongs into one. */
  @ArchTest
  static final ArchRule shouldHaveNoCycleBetweenPackages =
      slices().matching("org.skymetrics.(**)").should().beFreeOfCycles().allowEmptyShould(true);
}
