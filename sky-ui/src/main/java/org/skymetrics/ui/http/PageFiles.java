package org.skymetrics.ui.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;

/**
 * The files of the page, from the class path: its own below {@code web}, and those of others below
 * {@code /lib} from their WebJars. Nothing is loaded from any other host, and no script that is not
 * a file here runs.
 */
final class PageFiles {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String D3 = "META-INF/resources/webjars/d3/7.9.0/dist";

  private PageFiles() {}

  static void addTo(Router router) {
    router.route("/lib/*").method(HttpMethod.GET).handler(files(D3));
    router.route("/*").method(HttpMethod.GET).handler(PageFiles::protect).handler(files("web"));
  }

  private static StaticHandler files(String folder) {
    return StaticHandler.create(FileSystemAccess.RELATIVE, folder)
        .setDirectoryListing(false)
        .setCachingEnabled(false)
        .setIndexPage("index.html");
  }

  private static void protect(RoutingContext context) {
    context.response().putHeader("Content-Security-Policy", POLICY);
    context.next();
  }
}
