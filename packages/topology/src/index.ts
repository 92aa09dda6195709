export { ADDRESSES, PLACES, REGIONS_MAX, ZONES_MAX } from './addresses.ts';
export { layOut, NOWHERE, placesOf } from './deployment.ts';
export type { AppliancePlace, Deployment, DeploymentPorts, DeploymentShape, GroupPlace, Place, Region, Site, Zone } from './deployment.ts';
export { GROUP_NAMES, GROUPS } from './groups.ts';
export type { GroupName } from './groups.ts';
