// SPDX-License-Identifier: MIT
// SYNTHETIC TRAINING DATA: a contract of a classroom chain (chain id 31337), worth nothing anywhere.
pragma solidity 0.8.30;

/// One payment in, many out: the payments out are internal transfers, which no list of transactions shows.
contract Splitter {
    function split(address payable[] calldata payees, uint256[] calldata values) external payable {
        uint256 left = msg.value;
        for (uint256 i = 0; i < values.length; i++) {
            require(values[i] <= left, "not enough");
            left -= values[i];
        }
        require(left == 0, "something is left");
        for (uint256 i = 0; i < payees.length; i++) {
            (bool done, ) = payees[i].call{value: values[i]}("");
            require(done, "payee refused");
        }
    }
}
