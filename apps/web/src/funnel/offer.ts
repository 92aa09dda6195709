/** What is offered in a country today, cheapest first. */
export type Offers = { readonly country: string | null; readonly trialDays: number; readonly offers: readonly Offer[] };

export type Offer = {
  readonly plan: {
    readonly id: string;
    readonly rank: number;
    readonly heightMax: number;
    readonly streamsMax: number;
    readonly devicesMax: number;
    readonly downloadDevicesMax: number;
    readonly extraMembersMax: number;
  };
  readonly price: Price;
};

export type Price = { readonly id: string; readonly currency: string; readonly currencyDigits: number; readonly amountMinor: number };
