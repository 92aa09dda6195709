import { useEffect, useRef, useState, type ReactNode } from 'react';
import { SIGN_OUT_DEVICE } from '../account/operations.ts';
import { deviceName } from '../account/device-name.ts';
import { dateAndTime } from '../design/format.ts';
import { operation } from '../graph/operation.ts';
import { useHouse } from '../member/member-context.tsx';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { goTo, pathOf } from '../router.ts';
import { liftText, locale, text } from '../texts.ts';
import { devicesBefore, type SignedInDevice } from './devices-before.ts';
import devices from './devices.graphql';

const DEVICES = operation<{ readonly devices: readonly SignedInDevice[] }>(devices);

type WhichDevicesProps = {
  deviceId: string;
  /** One of them was signed out. */
  signedOut: () => void;
};

/** The devices that signed in before this one, each with a button that signs it out; where they cannot be had, the way to the account page. */
export function WhichDevices({ deviceId, signedOut }: WhichDevicesProps): ReactNode {
  const { doors } = useHouse();
  const guarded = useGuardedChange();
  const [before, setBefore] = useState<readonly SignedInDevice[] | 'asking' | 'unknown'>('asking');
  useEffect(() => {
    const leaving = new AbortController();
    doors
      .ask(DEVICES, {}, { signal: leaving.signal })
      .then((answer) => setBefore(devicesBefore(answer.devices, deviceId)))
      .catch(() => leaving.signal.aborted || setBefore('unknown'));
    return () => leaving.abort();
  }, [doors, deviceId]);
  const signOut = (id: string): void =>
    guarded.change(async () => (await doors.ask(SIGN_OUT_DEVICE, { deviceId: id })).signOutDevice, signedOut);

  if (guarded.proof !== null) return guarded.proof;
  if (before === 'asking') return null;
  if (before === 'unknown' || before.length === 0)
    return (
      <button type="button" className="button button-light" onClick={() => goTo(pathOf.account)}>
        {liftText('remove_a_device')}
      </button>
    );
  return (
    <section className="who-watches" aria-labelledby="which-devices-heading">
      <h2 id="which-devices-heading">{text('player.devicesBefore')}</h2>
      <DeviceList devices={before} signOut={signOut} working={guarded.working} />
      {guarded.problem === undefined ? null : <p role="alert">{guarded.problem}</p>}
    </section>
  );
}

type DeviceListProps = { devices: readonly SignedInDevice[]; signOut: (id: string) => void; working: boolean };

function DeviceList({ devices: all, signOut, working }: DeviceListProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  // The best way out, which comes later than the others.
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  return (
    <ul ref={list}>
      {all.map((device) => (
        <li key={device.id}>
          <span>
            <strong>
              <bdi>{deviceName(device)}</bdi>
            </strong>
            <small>{text('account.lastUsed', { date: dateAndTime(device.lastSeenMs, locale()) })}</small>
          </span>
          <button
            type="button"
            className="button"
            disabled={working}
            aria-label={text('player.signOutDeviceName', { name: deviceName(device) })}
            onClick={() => signOut(device.id)}
          >
            {text('nav.signOut')}
          </button>
        </li>
      ))}
    </ul>
  );
}
