/**
 * The whole system on one thread, driven by a seed: the real client, server, rollup and reader,
 * with time, randomness, network, disk and stores that are simulated and fail at random. A run
 * begins, is disturbed for a while, is healed, comes to rest, and is then looked at: what history
 * holds is what the applications counted, each exception by its name, at each level; and again when
 * months went by for the rollups, and blocks became columns.
 *
 * <pre>
 *   Scenario      what a seed draws: how many of each part, which faults, which promises hold
 *   World         the parts, and the course of a run
 *   Timeline      time, what is to happen, and the digest of all that did
 *   SimulatedNetwork, -Redis, -Riak; the disk is CrashingFiles of sky-server
 *   ServerHost, ClientHost, RollupHost, Reader    machines with the real classes on them
 *   StoreGate     what may happen at any call of a store: failure, delay, death, others going first
 *   Faults        what is done to the world, at random
 *   Truth         what applications counted, and what servers promised by acknowledging it
 *   Held          what history holds, as its readers are told
 *   Checks        what must be so at the end, and the parts of it that must be so all along
 *   Parts         the honest parts; a test puts a flawed one in its place, to see it found
 * </pre>
 *
 * <p>Nothing depends on real time, on the identity of objects or on threads: a seed gives the same
 * run to the last event, which its digest proves. Run more seeds with {@code
 * -Dsky.simulation.seeds=100000}, one again with {@code -Dsky.simulation.seed=N}: that one leaves
 * its events in {@code target/simulation-N.txt}.
 */
package org.skymetrics.simulation;
