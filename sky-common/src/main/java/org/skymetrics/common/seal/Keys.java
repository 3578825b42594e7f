package org.skymetrics.common.seal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.skymetrics.common.seal.SealedForm.KeyName;

/** Makes keys from the secrets as they are at the moment. One thread's. */
final class Keys {
  private final Supplier<Secrets> source;
  private final Map<Secret, Mac> derivations = new LinkedHashMap<>();
  private Secrets secrets;

  Keys(Supplier<Secrets> source) {
    this.source = source;
    this.secrets = source.get();
    derive();
  }

  private void derive() {
    derivations.clear();
    secrets.all().forEach(secret -> derivations.put(secret, secret.derivation()));
  }

  /** Takes over other secrets where there are some; whether it did. */
  boolean refresh() {
    Secrets now = source.get();
    if (now == secrets) {
      return false;
    }
    secrets = now;
    derive();
    return true;
  }

  Secrets secrets() {
    return secrets;
  }

  boolean accepts(Secret secret) {
    return derivations.containsKey(secret);
  }

  /** The key of this name from one of the secrets. */
  SecretKeySpec key(Secret secret, KeyName name) {
    Mac derivation = derivations.get(secret);
    if (derivation == null) {
      throw new IllegalArgumentException("not one of the secrets");
    }
    return Gcm.key(Hkdf.expand(derivation, name.info(), SealedForm.KEY_BYTES));
  }
}
