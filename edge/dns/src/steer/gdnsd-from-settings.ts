import { openClientMaps } from './client-maps.ts';
import { readSteeringConfig } from './config.ts';
import { exportGdnsd } from './export-gdnsd.ts';
import type { GdnsdFiles, GdnsdZone } from './export-gdnsd.ts';
import { keptPicture } from './kept-picture.ts';
import { readPicture } from './steering-picture.ts';

/**
 * What the name server with these settings would answer now, for gdnsd: from its last picture on disk, so also while the control plane is gone. Rejects when there is
 * none yet, or when a file is wrong.
 */
export async function gdnsdFromSettings(environment: Readonly<Record<string, string | undefined>>, zone: GdnsdZone): Promise<GdnsdFiles> {
  const config = readSteeringConfig(environment);
  const picture = await keptPicture(config.pictureFile).load();
  if (picture === null) throw new Error(`there is no picture of regions in ${config.pictureFile} yet`);
  return exportGdnsd(readPicture(picture), await openClientMaps(config), zone);
}
