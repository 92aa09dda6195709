/**
 * Packs many small values into one growing buffer, so that a whole batch of calls crosses a thread boundary as one transfer instead of
 * one structured clone per call (which costs more than the database work of a small write).
 */
export class Packer {
  #buffer: Buffer<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;

  constructor(bytes = 64 * 1024) {
    this.#buffer = Buffer.from(new ArrayBuffer(bytes));
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Bytes packed so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** Any safe integer or fraction. */
  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Eight bytes that compare as unsigned bytes in the order of the numbers. */
  u64BigEndian(value: number): void {
    this.#reserve(8);
    this.#view.setUint32(this.#length, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(this.#length + 4, value >>> 0);
    this.#length += 8;
  }

  /** Sixteen bytes from 32 hexadecimal digits. */
  hex16(digits: string): void {
    this.#reserve(16);
    this.#buffer.write(digits, this.#length, 16, 'hex');
    this.#length += 16;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(4 + value.length);
    this.#view.setUint32(this.#length, value.length, true);
    this.#buffer.set(value, this.#length + 4);
    this.#length += 4 + value.length;
  }

  text(value: string): void {
    this.#reserve(4 + value.length * 3);
    const written = this.#buffer.write(value, this.#length + 4, 'utf8');
    this.#view.setUint32(this.#length, written, true);
    this.#length += 4 + written;
  }

  /** `null` as one byte, anything else as one byte and what `pack` writes. */
  optional<T>(value: T | null | undefined, pack: (value: T) => void): void {
    if (value === null || value === undefined) return this.u8(0);
    this.u8(1);
    pack(value);
  }

  /** Writes over four bytes packed earlier: lengths and counts known only afterwards. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** Forgets what was packed after `length`. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A copy of exactly the packed bytes, made to be transferred; the packer starts again at zero. A buffer grown by one huge value is given back. */
  take(): ArrayBuffer {
    const packed = this.#buffer.buffer.slice(0, this.#length);
    this.#length = 0;
    if (this.#buffer.length > KEEP_BYTES_MAX) this.#grow(64 * 1024);
    return packed;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#buffer.length) this.#grow(Math.max(needed, this.#buffer.length * 2));
  }

  #grow(bytes: number): void {
    const next = Buffer.from(new ArrayBuffer(bytes));
    next.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = next;
    this.#view = new DataView(next.buffer);
  }
}

/** Beyond this a packer's buffer is not kept between batches: one large value must not hold memory for ever. */
const KEEP_BYTES_MAX = 1024 * 1024;

/** Reads what a `Packer` wrote, in the same order. Byte strings are views into the packed buffer, not copies. */
export class Unpacker {
  readonly #buffer: Buffer<ArrayBuffer>;
  readonly #view: DataView<ArrayBuffer>;
  #at = 0;

  constructor(packed: ArrayBuffer) {
    this.#buffer = Buffer.from(packed);
    this.#view = new DataView(packed);
  }

  get position(): number {
    return this.#at;
  }

  seek(position: number): void {
    this.#at = position;
  }

  get done(): boolean {
    return this.#at >= this.#buffer.length;
  }

  u8(): number {
    const value = this.#view.getUint8(this.#at);
    this.#at += 1;
    return value;
  }

  u32(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** A view: it lives as long as the packed buffer and must not be changed. */
  bytes(): Uint8Array<ArrayBuffer> {
    const length = this.u32();
    const value = new Uint8Array(this.#buffer.buffer, this.#at, length);
    this.#at += length;
    return value;
  }

  /** A copy that may outlive the packed buffer without holding the rest of it. */
  ownBytes(): Uint8Array<ArrayBuffer> {
    return this.bytes().slice();
  }

  text(): string {
    const length = this.u32();
    const value = this.#buffer.toString('utf8', this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  optional<T>(unpack: () => T): T | null {
    return this.u8() === 0 ? null : unpack();
  }
}
