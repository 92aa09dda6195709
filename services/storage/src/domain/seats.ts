/** So many at once and no more; nobody waits. */
export type Seats = { take(): boolean; free(): void };

export function createSeats(seatsMax: number): Seats {
  let taken = 0;
  return {
    take() {
      if (taken >= seatsMax) return false;
      taken += 1;
      return true;
    },
    free() {
      taken -= 1;
    },
  };
}
