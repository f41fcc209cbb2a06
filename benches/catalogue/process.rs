//! What a process uses, as Linux tells.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

/// Linux counts processor time for user space in hundredths of a second on every machine.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of all its threads so far.
pub fn cpu(process: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is the program's name in brackets, which may hold anything.
    let (_, fields) = stat.rsplit_once(')').context("no name")?;
    let mut times = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    let mut next = || times.next().context("no times");
    Ok(TICK * (next()?? + next()??))
}

/// Memory in MB: now, and at most since [`forget_peak`].
pub fn memory(process: u32) -> anyhow::Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|rest| rest.split_whitespace().next()).context("no such field")?;
        Ok::<_, anyhow::Error>(kib.parse::<u64>()? * 1024 / 1_000_000)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}

/// Lets the peak begin anew.
pub fn forget_peak(process: u32) -> anyhow::Result<()> {
    Ok(fs::write(format!("/proc/{process}/clear_refs"), "5")?)
}
