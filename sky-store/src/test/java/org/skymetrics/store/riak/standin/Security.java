package org.skymetrics.store.riak.standin;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Riak's security: a connection begins with RpbStartTls in the clear, and with RpbAuthReq once it
 * is TLS; before that nothing else is answered.
 */
public final class Security {
  private static final int AUTH_REQUEST = 253;
  private static final int AUTH_REPLY = 254;
  private static final int START_TLS = 255;
  private static final int MAX_FRAME_BYTES = 10_000;

  private final SSLContext tls;
  private final String user;
  private final String password;
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();

  private record Frame(int code, byte[] body) {
    static Frame read(DataInputStream in) throws IOException {
      int length = in.readInt();
      if (length < 1 || length > MAX_FRAME_BYTES) {
        throw new IOException("a frame of " + length + " bytes");
      }
      int code = in.readUnsignedByte();
      byte[] body = new byte[length - 1];
      in.readFully(body);
      return new Frame(code, body);
    }
  }

  private Security(SSLContext tls, String user, String password) {
    this.tls = tls;
    this.user = user;
    this.password = password;
  }

  /** With the key and certificate in a PKCS#12 file whose password is {@code secret}. */
  public static Security of(Path keys, String user, String password)
      throws IOException, GeneralSecurityException {
    char[] secret = "secret".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, secret);
    }
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(store, secret);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keyManagers.getKeyManagers(), null, null);
    return new Security(tls, user, password);
  }

  /** How many connections have logged in. */
  public int logins() {
    return logins.get();
  }

  /** How many connections were refused. */
  public int refusals() {
    return refusals.get();
  }

  /** The connection after its login; a closed one where it was refused. */
  Socket secure(Socket plain) throws IOException {
    DataInputStream in = new DataInputStream(plain.getInputStream());
    if (Frame.read(in).code() != START_TLS) {
      return refuse(plain, "Security is enabled, please STARTTLS first");
    }
    plain.getOutputStream().write(new byte[] {0, 0, 0, 1, (byte) START_TLS});
    SSLSocket secured =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    secured.setUseClientMode(false);
    try {
      secured.startHandshake();
    } catch (IOException e) {
      refusals.incrementAndGet();
      throw e;
    }
    Frame login =
        Frame.read(new DataInputStream(new BufferedInputStream(secured.getInputStream(), 1)));
    Message message = Message.parse(login.body());
    if (login.code() != AUTH_REQUEST
        || !message.text(1).equals(user)
        || !message.text(2).equals(password)) {
      return refuse(secured, "Authentication failed");
    }
    logins.incrementAndGet();
    secured.getOutputStream().write(new byte[] {0, 0, 0, 1, (byte) AUTH_REPLY});
    return secured;
  }

  private Socket refuse(Socket socket, String why) throws IOException {
    refusals.incrementAndGet();
    OutputStream out = socket.getOutputStream();
    out.write(Answers.error(why));
    out.flush();
    socket.close();
    return socket;
  }
}
