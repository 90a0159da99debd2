import { errorRecord, frames, ndjson, requestId, responseRecord } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message-of.ts';

const [first, second] = [requestId(1), requestId(2)];
const [head, one, two, end] = frames(first, ['Zo', 'ë'.repeat(50)]);
const [otherHead, otherChunk, otherEnd] = frames(second, [Buffer.from([0xff])]);
const mixed = ndjson([head!, otherHead!, one!, otherChunk!, two!, otherEnd!, end!]);
const apart = ndjson([...frames(first, ['a']), ...frames(second, ['b'])]);

describe('matchers of frames', () => {
  it('compare the types of the frames of one item', () => {
    expect(mixed).toHaveFrames(first, ['head', 'chunk', 'chunk', 'end']);
    expect(mixed).not.toHaveFrames(second, ['head', 'end']);
    expect(ndjson([responseRecord(first)])).toHaveFrames(first, ['response']);
    expect(messageOf(() => expect(mixed).toHaveFrames(second, ['head', 'chunk', 'chunk', 'end'])))
      .toMatchInlineSnapshot(`
      "Expected the frames head, chunk, chunk, end for \`r-00000000-0000-4000-8000-000000000002\`, got head, chunk, end
        2.  r-00000000-0000-4000-8000-000000000002  head   200
        4.  r-00000000-0000-4000-8000-000000000002  chunk  "/w=="
        6.  r-00000000-0000-4000-8000-000000000002  end"
    `);
    expect(messageOf(() => expect(apart).toHaveFrames('/b', ['head']))).toMatchInlineSnapshot(`
      "Expected the frames head for \`/b\`, got none
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "a"
        3.  r-00000000-0000-4000-8000-000000000001  end
        4.  r-00000000-0000-4000-8000-000000000002  head   200
        5.  r-00000000-0000-4000-8000-000000000002  chunk  "b"
        6.  r-00000000-0000-4000-8000-000000000002  end"
    `);
    expect(messageOf(() => expect(mixed).not.toHaveFrames(second, ['head', 'chunk', 'end'])))
      .toMatchInlineSnapshot(`
      "Expected other frames than head, chunk, end for \`r-00000000-0000-4000-8000-000000000002\`
        2.  r-00000000-0000-4000-8000-000000000002  head   200
        4.  r-00000000-0000-4000-8000-000000000002  chunk  "/w=="
        6.  r-00000000-0000-4000-8000-000000000002  end"
    `);
  });

  it('explain frames in an illegal order', () => {
    const wrong = ndjson([one!, head!, responseRecord(first), end!, end!]);
    const types = ['chunk', 'head', 'response', 'end', 'end'] as const;
    expect(messageOf(() => expect(wrong).toHaveFrames(first, types))).toMatchInlineSnapshot(`
      "Expected the frames chunk, head, response, end, end for \`r-00000000-0000-4000-8000-000000000001\`, got them in an illegal order
        1.  r-00000000-0000-4000-8000-000000000001  chunk     "Zo"
        2.  r-00000000-0000-4000-8000-000000000001  head      200     ← a second head: the answer had begun (a chunk without a head implies 200)
        3.  r-00000000-0000-4000-8000-000000000001  response  200 ""  ← a whole answer among frames: one id uses one kind
        4.  r-00000000-0000-4000-8000-000000000001  end
        5.  r-00000000-0000-4000-8000-000000000001  end               ← after the end of this answer"
    `);
  });

  it('tell interleaved answers from those one after the other', () => {
    expect(mixed).toBeInterleaved();
    expect(apart).not.toBeInterleaved();
    expect(messageOf(() => expect(apart).toBeInterleaved())).toMatchInlineSnapshot(`
      "Expected answers that are interleaved, got one after the other
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "a"
        3.  r-00000000-0000-4000-8000-000000000001  end
        4.  r-00000000-0000-4000-8000-000000000002  head   200
        5.  r-00000000-0000-4000-8000-000000000002  chunk  "b"
        6.  r-00000000-0000-4000-8000-000000000002  end"
    `);
    expect(messageOf(() => expect(mixed).not.toBeInterleaved())).toMatchInlineSnapshot(`
      "Expected answers one after the other, got them interleaved
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000002  head   200
        3.  r-00000000-0000-4000-8000-000000000001  chunk  "Zo"
        4.  r-00000000-0000-4000-8000-000000000002  chunk  "/w=="
        5.  r-00000000-0000-4000-8000-000000000001  chunk  "ëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëë"
        6.  r-00000000-0000-4000-8000-000000000002  end
        7.  r-00000000-0000-4000-8000-000000000001  end"
    `);
  });

  it('put the body of an item together from its chunks', () => {
    expect(mixed).toHaveBodyFor(first, `Zo${'ë'.repeat(50)}`);
    expect(mixed).toHaveBodyFor(second, Buffer.from([0xff]));
    expect(mixed).toHaveBodyFor(first, expect.stringMatching(/^Zo/));
    expect(ndjson([responseRecord(first, { json: { a: 1, b: 2 } })])).toHaveBodyFor(first, {
      a: 1,
    });
    expect(mixed).not.toHaveBodyFor(first, 'Zo');
    const bytes = Buffer.from([0xfe]);
    expect(messageOf(() => expect(apart).toHaveBodyFor(first, bytes))).toMatchInlineSnapshot(`
      "Expected a whole answer to \`r-00000000-0000-4000-8000-000000000001\` with the body bytes "fe"
        the value  wanted bytes "fe",  got bytes "61"
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "a"
        3.  r-00000000-0000-4000-8000-000000000001  end"
    `);
    expect(messageOf(() => expect(mixed).toHaveBodyFor(first, 'Zoë'))).toMatchInlineSnapshot(`
      "Expected a whole answer to \`r-00000000-0000-4000-8000-000000000001\` with the body "Zoë"
        the value  wanted "Zoë",  got "Zoëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëë"
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        3.  r-00000000-0000-4000-8000-000000000001  chunk  "Zo"
        5.  r-00000000-0000-4000-8000-000000000001  chunk  "ëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëëë"
        7.  r-00000000-0000-4000-8000-000000000001  end"
    `);
    expect(messageOf(() => expect(apart).not.toHaveBodyFor(first, 'a'))).toMatchInlineSnapshot(`
      "Expected another body than "a" for \`r-00000000-0000-4000-8000-000000000001\`
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "a"
        3.  r-00000000-0000-4000-8000-000000000001  end"
    `);
  });

  it('take no answer for whole that was cut, has failed or is missing', () => {
    const cut = ndjson([head!, one!]);
    const failed = ndjson([head!, one!, errorRecord(first)]);
    expect(messageOf(() => expect(cut).toHaveBodyFor(first, 'Zo'))).toMatchInlineSnapshot(`
      "Expected a whole answer to \`r-00000000-0000-4000-8000-000000000001\` with the body "Zo", got one that never ends
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "Zo""
    `);
    expect(messageOf(() => expect(failed).toHaveBodyFor(first, 'Zo'))).toMatchInlineSnapshot(`
      "Expected a whole answer to \`r-00000000-0000-4000-8000-000000000001\` with the body "Zo", got a failed one
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "Zo"
        3.  r-00000000-0000-4000-8000-000000000001  error  502 "The function reported an error""
    `);
    expect(messageOf(() => expect(cut).toHaveBodyFor(second, 'Zo'))).toMatchInlineSnapshot(`
      "Expected a whole answer to \`r-00000000-0000-4000-8000-000000000002\` with the body "Zo", got no answer
        1.  r-00000000-0000-4000-8000-000000000001  head   200
        2.  r-00000000-0000-4000-8000-000000000001  chunk  "Zo""
    `);
  });

  it('have an asymmetric twin for frames', () => {
    const records = mixed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(records.slice(0, 2)).toEqual([
      expect.frame({ type: 'head', id: first }),
      expect.frame({ statusCode: 200 }),
    ]);
    expect(head).not.frame({ type: 'end' });
    expect(messageOf(() => expect(responseRecord(first)).frame())).toMatchInlineSnapshot(`
      "Expected a frame, got a whole answer
        r-00000000-0000-4000-8000-000000000001  response  200 """
    `);
    expect(messageOf(() => expect(head).frame({ type: 'end' }))).toMatchInlineSnapshot(`
      "Expected a frame with these fields
        \`type\`  wanted "end",  got "head"
        r-00000000-0000-4000-8000-000000000001  head  200"
    `);
    expect(messageOf(() => expect(head).not.frame({ type: 'head' }))).toMatchInlineSnapshot(`
      "Expected no frame with these fields
        r-00000000-0000-4000-8000-000000000001  head  200"
    `);
  });
});
