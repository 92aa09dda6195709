/** A private key, and its certificate with those between it and its authority. PEM. */
export type CertificatePair = { readonly key: string; readonly cert: string };

/** The pair in use now; it may change while the gateway runs. */
export type Certificates = {
  current(): CertificatePair;
  /** Calls back with each new pair; returns the way to stop that. */
  onChange(listener: (pair: CertificatePair) => void): () => void;
  close(): void;
};
