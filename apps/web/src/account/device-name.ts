import { DEVICE_KINDS, type DeviceKind } from '@bioscope/identity/contract';
import { text } from '../texts.ts';

/** What the device calls itself, else what it is. */
export function deviceName({ name, kind }: { readonly name: string; readonly kind: string }): string {
  return name === '' ? text(`account.deviceKind.${kindOf(kind)}`) : name;
}

function kindOf(kind: string): DeviceKind {
  return DEVICE_KINDS.find((known) => known === kind) ?? 'other';
}
