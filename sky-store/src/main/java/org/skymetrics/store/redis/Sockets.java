package org.skymetrics.store.redis;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Makes the sockets of a pool of connections. */
@FunctionalInterface
interface Sockets extends JedisSocketFactory {
  /** Where the last sockets led was not the right place any more. */
  default void doubt() {}

  /** To one address; its name is looked up anew for each. */
  static Sockets to(RedisAddress.Node node, RedisOptions options) {
    DefaultJedisSocketFactory factory =
        new DefaultJedisSocketFactory(
            new HostAndPort(node.host(), node.port()), ClientConfigs.forData(options));
    return () -> {
      Socket socket = factory.createSocket();
      if (socket instanceof SSLSocket tls) {
        shakeHands(tls, options);
      }
      return socket;
    };
  }

  /** Left alone it would be done at the first write, and have the time of a call, twice. */
  private static void shakeHands(SSLSocket socket, RedisOptions options) {
    try {
      socket.setSoTimeout((int) options.connectTimeout().toMillis());
      socket.startHandshake();
      socket.setSoTimeout((int) options.callTimeout().toMillis());
    } catch (IOException e) {
      close(socket);
      throw new JedisConnectionException("no TLS", e);
    }
  }

  private static void close(SSLSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up for another error, which is thrown.
    }
  }
}
