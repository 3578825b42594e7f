package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** What answers at one path. */
interface Endpoint {
  String path();

  /** The names of parameters that it takes. */
  Set<String> parameters();

  /** The methods that it takes; HEAD comes with GET. */
  default Set<HttpMethod> methods() {
    return Set.of(HttpMethod.GET);
  }

  /**
   * Answers; called on an event loop, not to block.
   *
   * @throws HttpFault where the request is refused
   */
  Future<Answered> answer(Parameters parameters, HttpServerRequest request);
}
