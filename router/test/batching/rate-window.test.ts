import { describe, expect, it } from 'vitest';
import { RateEstimator } from '../../src/batching/rate-estimator.ts';
import { rateWindow, waitAt } from '../../src/batching/rate-window.ts';

const options = {
  minWaitMs: 5,
  maxWaitMs: 105,
  targetRps: 50,
  steepness: 0.01,
  samplingIntervalMs: 100,
  smoothingSamples: 10,
};

describe('rate estimator', () => {
  it('is 0 until the first sample is complete', () => {
    const estimator = new RateEstimator(options);
    estimator.count(0);
    estimator.count(99);
    expect(estimator.rate(99)).toBe(0);
    expect(estimator.rate(100)).toBe(20);
  });

  it('is the mean of the completed samples, silent ones included', () => {
    const estimator = new RateEstimator(options);
    for (let n = 0; n < 6; n += 1) estimator.count(0);
    for (let n = 0; n < 2; n += 1) estimator.count(150);
    expect(estimator.rate(199)).toBeCloseTo(60);
    expect(estimator.rate(200)).toBeCloseTo(((6 + 2) / 2) * 10);
    expect(estimator.rate(400)).toBeCloseTo(((6 + 2 + 0 + 0) / 4) * 10);
  });

  it('forgets samples beyond `smoothingSamples`', () => {
    const estimator = new RateEstimator({ ...options, smoothingSamples: 2 });
    for (let n = 0; n < 100; n += 1) estimator.count(0);
    estimator.count(100);
    estimator.count(200);
    expect(estimator.rate(300)).toBe(10);
    expect(estimator.rate(100_000)).toBe(0);
  });
});

describe('rate window', () => {
  it.each([
    [0, 43],
    [50, 55],
    [100, 67],
    [5000, 105],
  ])('waits at %d requests per second for %d ms', (rate, wait) => {
    expect(waitAt(rate, options)).toBe(wait);
  });

  it('is fixed at the first arrival of a batch, and follows the rate with the next one', () => {
    const sharp = { ...options, targetRps: 100, steepness: 1, smoothingSamples: 1 };
    const policy = rateWindow(sharp)();
    const arrive = (now: number, size: number, firstArrivalMs: number) =>
      policy.releaseInMs({ now, size, firstArrivalMs, sumOfArrivalsMs: 0 });
    expect(arrive(0, 1, 0)).toBe(5);
    for (let size = 2; size <= 40; size += 1) expect(arrive(4, size, 0)).toBe(1);
    expect(arrive(100, 1, 100)).toBe(105);
    expect(arrive(150, 2, 100)).toBe(55);
    // The sample that has just been completed has few.
    expect(arrive(200, 3, 100)).toBe(5);
    expect(arrive(205, 1, 205)).toBe(5);
  });

  it('counts each key for itself', () => {
    const make = rateWindow({ ...options, steepness: 1 });
    const busy = make();
    for (let n = 1; n <= 40; n += 1) {
      busy.releaseInMs({ now: 0, size: n, firstArrivalMs: 0, sumOfArrivalsMs: 0 });
    }
    const first = { now: 100, size: 1, firstArrivalMs: 100, sumOfArrivalsMs: 100 };
    expect(busy.releaseInMs(first)).toBe(105);
    expect(make().releaseInMs(first)).toBe(5);
  });
});
