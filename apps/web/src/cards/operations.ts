import { operation } from '../graph/operation.ts';
import addToMyList from './add-to-my-list.graphql';
import rate from './rate.graphql';
import removeFromMyList from './remove-from-my-list.graphql';
import type { Standing, Thumb } from './card.ts';

type OfTitle = { readonly titleId: string };
type Kept = Pick<Standing, 'isInMyList' | 'thumb'> | null;

export const ADD_TO_MY_LIST = operation<{ readonly addToMyList: Kept }, OfTitle>(addToMyList);
export const REMOVE_FROM_MY_LIST = operation<{ readonly removeFromMyList: Kept }, OfTitle>(removeFromMyList);
export const RATE = operation<{ readonly rate: Kept }, OfTitle & { readonly thumb: Thumb }>(rate);
