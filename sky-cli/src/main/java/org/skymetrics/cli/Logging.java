package org.skymetrics.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.OutputStream;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs: one line for each event on stderr, as text or as JSON. What libraries and the client log
 * through the JDK goes the same way.
 */
final class Logging {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n%ex";

  /** Libraries: they speak of themselves more than of Sky. */
  private static final String[] LIBRARIES = {
    "io.netty", "io.vertx", "redis.clients", "org.sqlite", "oshi", "jdk", "sun", "com.sun"
  };

  private Logging() {}

  /** How much is logged. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    private Level level() {
      return Level.toLevel(name());
    }
  }

  static void configure(LogLevel level, boolean json, OutputStream err) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (!(factory instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(json ? jsonEncoder(context) : textEncoder(context));
    appender.setOutputStream(err);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.level());
    root.addAppender(appender);
    if (level.level().isGreaterOrEqual(Level.INFO)) {
      for (String library : LIBRARIES) {
        context.getLogger(library).setLevel(Level.WARN);
      }
    }
    takeJdkLogs(level.level());
  }

  private static Encoder<ILoggingEvent> textEncoder(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> jsonEncoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithArguments(false);
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }

  private static void takeJdkLogs(Level level) {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    root.setLevel(
        level.isGreaterOrEqual(Level.INFO)
            ? java.util.logging.Level.INFO
            : java.util.logging.Level.FINE);
    root.addHandler(new JdkLogs());
  }

  /** Passes on what is logged through the JDK. */
  private static final class JdkLogs extends Handler {
    @Override
    public void publish(LogRecord event) {
      String name = event.getLoggerName() == null ? "jdk" : event.getLoggerName();
      Logger logger = LoggerFactory.getLogger(name);
      String message = new java.util.logging.SimpleFormatter().formatMessage(event);
      int level = event.getLevel().intValue();
      if (level >= java.util.logging.Level.SEVERE.intValue()) {
        logger.error(message, event.getThrown());
      } else if (level >= java.util.logging.Level.WARNING.intValue()) {
        logger.warn(message, event.getThrown());
      } else if (level >= java.util.logging.Level.INFO.intValue()) {
        logger.info(message, event.getThrown());
      } else {
        logger.debug(message, event.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
