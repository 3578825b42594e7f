package org.skymetrics.store.riak.standin;

import org.jspecify.annotations.Nullable;

/** The requests that the stand-in knows, by their message code; the reply's code is one more. */
public enum Request {
  PING(1),
  SERVER_INFO(7),
  GET(9),
  PUT(11),
  DELETE(13),
  LIST_KEYS(17),
  GET_BUCKET(19),
  SET_BUCKET(21),
  INDEX(25),
  FETCH_DATA_TYPE(80),
  UPDATE_DATA_TYPE(82);

  private final int code;

  Request(int code) {
    this.code = code;
  }

  int replyCode() {
    return code + 1;
  }

  static @Nullable Request byCode(int code) {
    for (Request request : values()) {
      if (request.code == code) {
        return request;
      }
    }
    return null;
  }
}
