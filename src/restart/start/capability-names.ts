/** The names of the capabilities in a set, as setpriv(1) writes them: lower case and without `cap_`. Pure. */
export function capabilityNames(hexadecimal: string): string[] {
  const set = BigInt(`0x${hexadecimal || '0'}`);
  return NAMES.filter((_, number) => (set >> BigInt(number)) & 1n);
}

/** In order of their numbers in linux/capability.h. */
const NAMES = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service ' +
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin ' +
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override ' +
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'
).split(' ');
