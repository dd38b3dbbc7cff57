/** What to do about a database server that is read-only. */
export const READ_ONLY_REMEDY =
  'point [database] at the primary; on a server of its own, SET GLOBAL read_only = OFF';

/** What to do about a node of a Galera cluster that has lost its quorum. */
export const QUORUM_REMEDY =
  'look at wsrep_cluster_status of this node, and name the other nodes in [database] host as well';
