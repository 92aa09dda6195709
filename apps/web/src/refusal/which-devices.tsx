import { useEffect, useState, type ReactNode } from 'react';
import { SIGN_OUT_DEVICE } from '../account/operations.ts';
import { deviceName } from '../account/device-name.ts';
import { dateAndTime } from '../design/format.ts';
import { operation } from '../graph/operation.ts';
import { useHouse } from '../member/member-context.tsx';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { locale, text } from '../texts.ts';
import { devicesBefore, type SignedInDevice } from './devices-before.ts';
import devices from './devices.graphql';

const DEVICES = operation<{ readonly devices: readonly SignedInDevice[] }>(devices);

type WhichDevicesProps = {
  deviceId: string;
  /** One of them was signed out. */
  signedOut: () => void;
};

/** The devices that signed in before this one, each with a button that signs it out. Not there when they cannot be had: the account page lists them too. */
export function WhichDevices({ deviceId, signedOut }: WhichDevicesProps): ReactNode {
  const { doors } = useHouse();
  const guarded = useGuardedChange();
  const [before, setBefore] = useState<readonly SignedInDevice[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    doors
      .ask(DEVICES, {}, { signal: leaving.signal })
      .then((answer) => setBefore(devicesBefore(answer.devices, deviceId)))
      .catch(() => undefined);
    return () => leaving.abort();
  }, [doors, deviceId]);
  if (guarded.proof !== null) return guarded.proof;
  if (before.length === 0) return null;
  return (
    <section className="who-watches" aria-labelledby="which-devices-heading">
      <h2 id="which-devices-heading">{text('player.devicesBefore')}</h2>
      <ul>
        {before.map((device) => (
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
              disabled={guarded.working}
              aria-label={text('player.signOutDeviceName', { name: deviceName(device) })}
              onClick={() =>
                guarded.change(async () => (await doors.ask(SIGN_OUT_DEVICE, { deviceId: device.id })).signOutDevice, signedOut)
              }
            >
              {text('nav.signOut')}
            </button>
          </li>
        ))}
      </ul>
      {guarded.problem === undefined ? null : <p role="alert">{guarded.problem}</p>}
    </section>
  );
}
