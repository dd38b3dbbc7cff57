/** How the servers are called in titles. */
export const SERVER_NAMES = { mariadb: 'MariaDB', mysql: 'MySQL' } as const;
