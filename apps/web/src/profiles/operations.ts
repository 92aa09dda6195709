import { operation } from '../graph/operation.ts';
import type { AccountChange } from '../member/account-change.ts';
import type { Profile } from '../member/session-door.ts';
import changeProfile from './change-profile.graphql';
import createProfile from './create-profile.graphql';
import removeProfile from './remove-profile.graphql';
import setProfilePin from './set-profile-pin.graphql';

export type ProfileInput = Pick<Profile, 'name' | 'picture' | 'language' | 'maturityMax' | 'isKids'>;
type Of = { readonly commandId: string; readonly profileId: string };

export const CREATE_PROFILE = operation<
  { readonly createProfile: AccountChange },
  { readonly commandId: string; readonly profile: ProfileInput }
>(createProfile);
export const CHANGE_PROFILE = operation<{ readonly changeProfile: AccountChange }, Of & { readonly profile: ProfileInput }>(changeProfile);
export const REMOVE_PROFILE = operation<{ readonly removeProfile: AccountChange }, Of>(removeProfile);
export const SET_PROFILE_PIN = operation<{ readonly setProfilePin: AccountChange }, Of & { readonly pin: string }>(setProfilePin);
