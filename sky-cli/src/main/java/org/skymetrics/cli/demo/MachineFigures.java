package org.skymetrics.cli.demo;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.client.Sky;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;

/**
 * The figures of this machine and this JVM: how full and how busy they are as gauges, what they
 * have moved as counters. The host is the last segment but the device, so that a parent sums over
 * hosts.
 */
public final class MachineFigures {
  private final Sky sky;
  private final String host;
  private final CentralProcessor processor;
  private final GlobalMemory memory;
  private final List<HWDiskStore> disks;
  private final List<NetworkIF> networks;
  private final Map<String, Long> lastSeen = new HashMap<>();
  private long[] lastTicks;

  /** Finds out what there is; takes a second on some machines. */
  public MachineFigures(Sky sky, String host) {
    this.sky = sky;
    this.host = segment(host);
    HardwareAbstractionLayer hardware = new SystemInfo().getHardware();
    processor = hardware.getProcessor();
    memory = hardware.getMemory();
    disks = hardware.getDiskStores();
    networks = hardware.getNetworkIFs();
    lastTicks = processor.getSystemCpuLoadTicks();
  }

  /** Looks at all figures, once. */
  public void sample() {
    sampleProcessor();
    sky.gauge("machine>memory_available_bytes|" + host, (double) memory.getAvailable());
    sky.gauge(
        "machine>memory_used_bytes|" + host, (double) (memory.getTotal() - memory.getAvailable()));
    for (HWDiskStore disk : disks) {
      if (disk.updateAttributes()) {
        moved("machine>disk_read_bytes", disk.getName(), disk.getReadBytes());
        moved("machine>disk_written_bytes", disk.getName(), disk.getWriteBytes());
      }
    }
    for (NetworkIF network : networks) {
      if (network.updateAttributes()) {
        moved("machine>network_received_bytes", network.getName(), network.getBytesRecv());
        moved("machine>network_sent_bytes", network.getName(), network.getBytesSent());
      }
    }
    sampleJvm();
  }

  private void sampleProcessor() {
    double busy = processor.getSystemCpuLoadBetweenTicks(lastTicks);
    lastTicks = processor.getSystemCpuLoadTicks();
    sky.gauge("machine>cpu_percent|" + host, 100 * busy);
    double load = processor.getSystemLoadAverage(1)[0];
    if (load >= 0) {
      sky.gauge("machine>load_average|" + host, load);
    }
  }

  private void sampleJvm() {
    sky.gauge(
        "jvm>heap_used_bytes|" + host,
        (double) ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    sky.gauge("jvm>threads|" + host, ManagementFactory.getThreadMXBean().getThreadCount());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      moved("jvm>gc_ms", collector.getName(), collector.getCollectionTime());
      moved("jvm>gc_runs", collector.getName(), collector.getCollectionCount());
    }
  }

  /** Counts how much a figure that only grows has grown since it was last looked at. */
  private void moved(String name, String device, long now) {
    String key = name + "|" + host + "|" + segment(device);
    Long before = lastSeen.put(key, now);
    if (before != null && now > before) {
      sky.counter(key, now - before);
    }
  }

  /** A name as one segment of a key. */
  static String segment(String name) {
    String clean = name.replaceAll("[|>\\p{Cntrl}]", "_").strip();
    String shown = clean.length() <= 60 ? clean : clean.substring(0, 60);
    return shown.isEmpty() ? "unnamed" : shown;
  }
}
