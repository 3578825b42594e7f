/**
 * A stand-in for a Riak node that tests talk to over TCP: the protocol as recorded from a real node
 * (riak-frames.txt), with vector clocks, siblings, tombstones and error replies, and with faults on
 * demand.
 */
@NullMarked
package org.skymetrics.store.riak.standin;

import org.jspecify.annotations.NullMarked;
