package org.skymetrics.cli.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.HostPort;

/** The HTTP API of a running Sky, as a client sees it: one question, one JSON answer. */
public final class Api {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final HostPort address;
  private final @Nullable String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param token to show; null for none
   */
  public Api(HostPort address, @Nullable String token) {
    this.address = address;
    this.token = token;
  }

  /**
   * Asks.
   *
   * @throws CommandFailure where there is no answer, or one that says no
   */
  public JsonNode get(String path, Map<String, String> parameters) {
    HttpResponse<String> response = send(uri(path, parameters));
    if (response.statusCode() == 200) {
      return read(response.body());
    }
    if (response.statusCode() == 401) {
      throw CommandFailure.failed(
          token == null
              ? "http://"
                  + address
                  + " wants a login: give a token, in SKY_TOKEN or a --token-file (sky token makes"
                  + " one)"
              : "http://" + address + " does not know this token");
    }
    String sentence = errorOf(response);
    throw response.statusCode() == 400
        ? CommandFailure.usage(sentence)
        : CommandFailure.failed(
            "http://" + address + " answers " + response.statusCode() + ": " + sentence);
  }

  private URI uri(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"));
    return URI.create("http://" + address + path + (query.isEmpty() ? "" : "?" + query));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> send(URI uri) {
    HttpRequest.Builder asking = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT);
    if (token != null) {
      asking.header("Authorization", "Bearer " + shown(token));
    }
    HttpRequest request = asking.build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw CommandFailure.failed(
          "nothing answers at http://"
              + address
              + ". Is \"sky standalone\" or \"sky ui\" running, and is this its --http address?",
          e);
    } catch (HttpTimeoutException e) {
      throw CommandFailure.failed(
          "http://" + address + " did not answer within " + ANSWER_TIMEOUT.toSeconds() + " s", e);
    } catch (IOException e) {
      throw CommandFailure.failed(
          "http://" + address + " did not answer to the end: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted while http://" + address + " was asked", e);
    }
  }

  /** A header takes no line ends and such. */
  private static String shown(String token) {
    if (!token.matches("[!-~]+")) {
      throw CommandFailure.usage("a token has no spaces and is all ASCII, as sky token prints it");
    }
    return token;
  }

  private JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw CommandFailure.failed(
          "what answers at http://" + address + " is not Sky's HTTP API: its answer is not JSON",
          e);
    }
  }

  private String errorOf(HttpResponse<String> response) {
    JsonNode error;
    try {
      error = JSON.readTree(response.body()).path("error");
    } catch (JsonProcessingException e) {
      return "what answers there is not Sky's HTTP API";
    }
    return error.isTextual() ? error.asText() : "what answers there is not Sky's HTTP API";
  }

  /** The members of the ring that did not reply, each with why; empty in a complete answer. */
  public static List<String> partial(JsonNode answer) {
    List<String> missing = new ArrayList<>();
    answer.path("partial").forEach(member -> missing.add(member.asText()));
    return missing;
  }

  /** JSON as the command prints it: indented, one element of an array a line. */
  public static String pretty(JsonNode node) {
    return node.toPrettyString();
  }
}
