// SPDX-License-Identifier: MIT
// SYNTHETIC TRAINING DATA: a contract of a classroom chain (chain id 31337), worth nothing anywhere.
pragma solidity 0.8.30;

interface Token {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Takes tokens on this chain for coins on another, and pays out what was locked there.
contract Bridge {
    event Departed(uint256 indexed number, address indexed token, address indexed from, uint256 value, string destination);
    event Arrived(bytes32 indexed origin, address indexed token, address indexed to, uint256 value);

    address public immutable keeper;
    uint256 public departures;

    constructor() {
        keeper = msg.sender;
    }

    function depart(Token token, uint256 value, string calldata destination) external {
        departures += 1;
        require(token.transferFrom(msg.sender, address(this), value), "token refused");
        emit Departed(departures, address(token), msg.sender, value, destination);
    }

    function arrive(bytes32 origin, Token token, address to, uint256 value) external {
        require(msg.sender == keeper, "only the keeper");
        require(token.transfer(to, value), "token refused");
        emit Arrived(origin, address(token), to, value);
    }
}
