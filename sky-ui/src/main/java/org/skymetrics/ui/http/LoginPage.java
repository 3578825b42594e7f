package org.skymetrics.ui.http;

import com.google.common.html.HtmlEscapers;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The page with the form; its script only adds to it. */
final class LoginPage {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private final String template;

  LoginPage() {
    try {
      template =
          Resources.toString(
              Resources.getResource(LoginPage.class, "login.html"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("it is in the same jar", e);
    }
  }

  /**
   * The page.
   *
   * @param notice what it says above the form; may be empty
   * @param returnPath where the login leads
   */
  Answered shown(int status, String notice, String returnPath) {
    String page =
        template
            .replace("{notice}", HtmlEscapers.htmlEscaper().escape(notice))
            .replace("{return}", HtmlEscapers.htmlEscaper().escape(returnPath));
    return Answered.of(status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8))
        .with("Content-Security-Policy", POLICY)
        .with("Cache-Control", "no-store");
  }
}
