/** Which addresses a steered name answers for a client network. Pure and synchronous: called once per query, so it should allocate nothing. */
export type Steering = {
  answer(name: SteeredName, client: ClientNetwork): SteeredAnswer;
  /** The same decision in words, one step per text. For people only; never called while answering queries. */
  explain(name: SteeredName, client: ClientNetwork): Explanation;
};

/** The owner name below the zone, lower case, without the zone: `app` of `app.bioscope.test`. Which names are steered is configuration. */
export type SteeredName = string;

/** IANA address family numbers as RFC 7871 uses them: 1 = IPv4, 2 = IPv6. */
export type AddressFamily = 1 | 2;

/** Who asks: the ECS prefix when the resolver sent one, otherwise the resolver's own address. The server reuses the object: read it, never keep it. */
export type ClientNetwork = {
  readonly family: AddressFamily;
  /** Always 4 (family 1) or 16 (family 2) bytes, in network order; bits beyond the source prefix are 0. */
  readonly address: Uint8Array;
  /** How many bits of the address are known: 0–32 or 0–128. 0 = the resolver does not want the client to be known. */
  readonly sourcePrefix: number;
  readonly from: 'ecs' | 'resolver';
};

export type AddressRecord = {
  readonly family: AddressFamily;
  /** 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
};

/** May be one shared, precomputed object: the server only reads it. */
export type SteeredAnswer = {
  /** Equal keys promise equal records and TTL, so that the server may send packets it composed before. Scope is no part of the key. */
  readonly key: string;
  /** In the order in which they shall be sent, both families mixed: the server picks those of the asked type. Never empty while anything lives. */
  readonly records: readonly AddressRecord[];
  readonly ttlSeconds: number;
  /** For which prefix length of the client's address this holds (RFC 7871 7.2.1): 0 = for everybody; never more than the address has bits. */
  readonly scopePrefix: number;
};

export type Explanation = {
  readonly answer: SteeredAnswer;
  /** The region that was chosen, '' when there are no regions (static steering). */
  readonly region: string;
  /** Every step of the decision as a sentence, in order. */
  readonly because: readonly string[];
};
